import {
  AttrValue,
  GraphDef,
  NodeDef,
  Tensor as TensorMessage,
  TensorShape,
  VersionDef,
} from "@tensorflow/tfjs-node-gpu/dist/proto/api_pb";
import type { OpAttribute } from "../runtime/raw-op";
import { nodeBackend } from "../runtime/tensorflow";
import { RecordingError } from "./recording-error";

/** The values of a tensor that was made while recording. */
export interface Constant {
  /** TensorFlow's number of the element type. */
  dtype: number;
  shape: number[];
  content: Uint8Array;
}

/** One operation of a recorded graph. */
export interface GraphNode {
  name: string;
  op: string;
  /** Nodes whose first output goes in, `name:1` for the second; `^name` for one that only runs before. */
  inputs: string[];
  attributes: OpAttribute[];
  /** Of a `Const` alone. */
  constant?: Constant;
}

/** What one run of a function recorded. */
export interface Graph {
  nodes: GraphNode[];
  /** Names of the placeholders: arguments, then resources. */
  inputs: string[];
  /** Names of the nodes whose first output is returned. */
  outputs: string[];
  /** Names of the nodes that run for their effect, whether or not an output needs them. */
  effects: string[];
}

/** The graph's version, by date since 30: old enough for any TensorFlow of today (tensorflow/core/public/version.h). */
const GRAPH_DEF_PRODUCER = 1800;

/** A graph as TensorFlow reads it (tensorflow/core/framework/graph.proto); equal graphs give equal bytes. */
export function encodeGraph({ nodes }: Graph): Uint8Array {
  const graph = new GraphDef();
  const versions = new VersionDef();
  versions.setProducer(GRAPH_DEF_PRODUCER);
  graph.setVersions(versions);
  graph.setNodeList(nodes.map(nodeMessage));
  return graph.serializeBinary();
}

function nodeMessage({ name, op, inputs, attributes, constant }: GraphNode): NodeDef {
  const node = new NodeDef();
  node.setName(name);
  node.setOp(op);
  node.setInputList(inputs);
  for (const attribute of attributes) node.getAttrMap().set(attribute.name, attributeMessage(op, attribute));
  if (constant) {
    node.getAttrMap().set(
      "dtype",
      attributeOf((message) => {
        message.setType(constant.dtype);
      }),
    );
    node.getAttrMap().set(
      "value",
      attributeOf((message) => {
        message.setTensor(tensorMessage(constant));
      }),
    );
  }
  return node;
}

function attributeOf(fill: (message: AttrValue) => void): AttrValue {
  const message = new AttrValue();
  fill(message);
  return message;
}

function attributeMessage(op: string, { name, type, value }: OpAttribute): AttrValue {
  const { binding } = nodeBackend();
  return attributeOf((message) => {
    if (Array.isArray(value) && type !== binding.TF_ATTR_SHAPE)
      message.setList(listMessage(op, name, type, value));
    else if (type === binding.TF_ATTR_TYPE) message.setType(Number(value));
    else if (type === binding.TF_ATTR_BOOL) message.setB(Boolean(value));
    else if (type === binding.TF_ATTR_INT) message.setI(Number(value));
    else if (type === binding.TF_ATTR_FLOAT) message.setF(Number(value));
    else if (type === binding.TF_ATTR_STRING) message.setS(Buffer.from(String(value)));
    else if (type === binding.TF_ATTR_SHAPE && Array.isArray(value)) message.setShape(shapeMessage(value));
    else throw unknownAttribute(op, name, type);
  });
}

function listMessage(op: string, name: string, type: number, values: number[]): AttrValue.ListValue {
  const { binding } = nodeBackend();
  const list = new AttrValue.ListValue();
  if (type === binding.TF_ATTR_INT) list.setIList(values);
  else if (type === binding.TF_ATTR_FLOAT) list.setFList(values);
  else if (type === binding.TF_ATTR_BOOL) list.setBList(values.map(Boolean));
  else if (type === binding.TF_ATTR_TYPE) list.setTypeList(values);
  else throw unknownAttribute(op, name, type);
  return list;
}

function unknownAttribute(op: string, name: string, type: number): RecordingError {
  return new RecordingError(
    `${op} has the attribute ${name} of kind ${type}, which a recording cannot hold; run it eagerly.`,
  );
}

function tensorMessage({ dtype, shape, content }: Constant): TensorMessage {
  const tensor = new TensorMessage();
  tensor.setDtype(dtype);
  tensor.setTensorShape(shapeMessage(shape));
  tensor.setTensorContent(content);
  return tensor;
}

function shapeMessage(sizes: number[]): TensorShape {
  const shape = new TensorShape();
  shape.setDimList(
    sizes.map((size) => {
      const dimension = new TensorShape.Dim();
      dimension.setSize(size);
      return dimension;
    }),
  );
  return shape;
}
