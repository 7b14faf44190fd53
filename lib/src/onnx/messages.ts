import protobuf from "protobufjs";

/** Element types (onnx.proto, `TensorProto.DataType`). */
export const ElementType = { float: 1, uint8: 2, int8: 3, int64: 7 } as const;

/** One of {@link ElementType}. */
export type ElementType = (typeof ElementType)[keyof typeof ElementType];

/** A constant of a graph (`TensorProto`); `rawData` is little-endian, in row-major order. */
export interface TensorMessage {
  dims: number[];
  dataType: ElementType;
  name: string;
  rawData: Uint8Array;
}

/** A setting of an operation (`AttributeProto`); `type` says which of the others holds it: f 1, i 2, ints 7. */
export interface AttributeMessage {
  name: string;
  type: 1 | 2 | 7;
  f?: number;
  i?: number;
  ints?: number[];
}

/** An operation (`NodeProto`): inputs and outputs are names of values. */
export interface NodeMessage {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute: AttributeMessage[];
}

/** An input or output of the whole graph (`ValueInfoProto`); a size with a name is free. */
export interface ValueMessage {
  name: string;
  type: {
    tensorType: { elemType: ElementType; shape: { dim: ({ dimParam: string } | { dimValue: number })[] } };
  };
}

/** A whole file (`ModelProto`). */
export interface ModelMessage {
  irVersion: number;
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  graph: {
    name: string;
    node: NodeMessage[];
    initializer: TensorMessage[];
    input: ValueMessage[];
    output: ValueMessage[];
  };
}

const field = (id: number, type: string, rule?: "repeated") => ({ id, type, ...(rule && { rule }) });

/** What is written of onnx.proto (IR version 8), with its numbers; the rest stays at its defaults. */
const ONNX = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, "int64"),
        producerName: field(2, "string"),
        graph: field(7, "GraphProto"),
        opsetImport: field(8, "OperatorSetIdProto", "repeated"),
      },
    },
    OperatorSetIdProto: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
    GraphProto: {
      fields: {
        node: field(1, "NodeProto", "repeated"),
        name: field(2, "string"),
        initializer: field(5, "TensorProto", "repeated"),
        input: field(11, "ValueInfoProto", "repeated"),
        output: field(12, "ValueInfoProto", "repeated"),
      },
    },
    NodeProto: {
      fields: {
        input: field(1, "string", "repeated"),
        output: field(2, "string", "repeated"),
        name: field(3, "string"),
        opType: field(4, "string"),
        attribute: field(5, "AttributeProto", "repeated"),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        ints: field(8, "int64", "repeated"),
        type: field(20, "int32"),
      },
    },
    TensorProto: {
      fields: {
        dims: field(1, "int64", "repeated"),
        dataType: field(2, "int32"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
      },
    },
    ValueInfoProto: { fields: { name: field(1, "string"), type: field(2, "TypeProto") } },
    TypeProto: { fields: { tensorType: field(1, "Tensor") }, nested: typeOfTensors() },
  },
});

function typeOfTensors(): Record<string, protobuf.AnyNestedObject> {
  return {
    Tensor: { fields: { elemType: field(1, "int32"), shape: field(2, "Shape") } },
    Shape: { fields: { dim: field(1, "Dimension", "repeated") } },
    Dimension: { fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") } },
  };
}

/** The bytes of a file. */
export function encodeModel(model: ModelMessage): Uint8Array {
  const type = ONNX.lookupType("ModelProto");
  return type.encode(type.fromObject(model)).finish();
}
