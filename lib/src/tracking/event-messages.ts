import protobuf from "protobufjs";

/** A value of a summary (`Summary.Value`): a point of a curve, or a text in markdown. */
type SummaryValue = { tag: string; simpleValue: number } | TextValue;

/** A text as TensorBoard's text plugin reads it. */
interface TextValue {
  tag: string;
  metadata: { pluginData: { pluginName: "text" } };
  tensor: { dtype: typeof DT_STRING; tensorShape: { dim: { size: number }[] }; stringVal: Uint8Array[] };
}

/** One record of an event file (`Event`). */
export interface EventMessage {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  /** The first event's: what TensorBoard reads the others by. */
  fileVersion?: "brain.Event:2";
  /** A run began here: whatever was written of this step and later ones is void. */
  sessionLog?: { status: typeof SESSION_START };
  summary?: { value: SummaryValue[] };
}

const DT_STRING = 7;

/** `SessionLog.SessionStatus.START`. */
export const SESSION_START = 1;

const field = (id: number, type: string, rule?: "repeated") => ({ id, type, ...(rule && { rule }) });

/** What is written of TensorFlow's event.proto, summary.proto and tensor.proto, with their numbers. */
const EVENTS = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: field(1, "double"),
        step: field(2, "int64"),
        fileVersion: field(3, "string"),
        summary: field(5, "Summary"),
        sessionLog: field(7, "SessionLog"),
      },
    },
    SessionLog: { fields: { status: field(1, "int32") } },
    Summary: { fields: { value: field(1, "Value", "repeated") } },
    Value: {
      fields: {
        tag: field(1, "string"),
        simpleValue: field(2, "float"),
        tensor: field(8, "TensorProto"),
        metadata: field(9, "SummaryMetadata"),
      },
    },
    SummaryMetadata: { fields: { pluginData: field(1, "PluginData") } },
    PluginData: { fields: { pluginName: field(1, "string") } },
    TensorProto: {
      fields: {
        dtype: field(1, "int32"),
        tensorShape: field(2, "TensorShapeProto"),
        stringVal: field(8, "bytes", "repeated"),
      },
    },
    TensorShapeProto: { fields: { dim: field(2, "Dim", "repeated") } },
    Dim: { fields: { size: field(1, "int64") } },
  },
});

/** A text for TensorBoard's text tab, where transformers' own writer has it: under its tag and `text_summary`. */
export function textValue(tag: string, markdown: string): SummaryValue {
  return {
    tag: `${tag}/text_summary`,
    metadata: { pluginData: { pluginName: "text" } },
    tensor: {
      dtype: DT_STRING,
      tensorShape: { dim: [{ size: 1 }] },
      stringVal: [Buffer.from(markdown)],
    },
  };
}

/** The bytes of an event. */
export function encodeEvent(event: EventMessage): Uint8Array {
  const type = EVENTS.lookupType("Event");
  return type.encode(type.fromObject(event)).finish();
}
