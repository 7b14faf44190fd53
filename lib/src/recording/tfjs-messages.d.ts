/** TensorFlow's graph messages as tfjs-node carries them (google-protobuf, no types of its own): what is used here. */
declare module "@tensorflow/tfjs-node-gpu/dist/proto/api_pb" {
  export class TensorShape {
    setDimList(dimensions: TensorShape.Dim[]): void;
  }
  export namespace TensorShape {
    class Dim {
      setSize(size: number): void;
    }
  }
  export class Tensor {
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
    setTensorContent(content: Uint8Array): void;
  }
  export class AttrValue {
    setS(value: Uint8Array): void;
    setI(value: number): void;
    setF(value: number): void;
    setB(value: boolean): void;
    setType(value: number): void;
    setShape(value: TensorShape): void;
    setTensor(value: Tensor): void;
    setList(value: AttrValue.ListValue): void;
  }
  export namespace AttrValue {
    class ListValue {
      setIList(values: number[]): void;
      setFList(values: number[]): void;
      setBList(values: boolean[]): void;
      setTypeList(values: number[]): void;
    }
  }
  export class NodeDef {
    setName(name: string): void;
    setOp(op: string): void;
    setInputList(inputs: string[]): void;
    getAttrMap(): { set(name: string, value: AttrValue): void };
  }
  export class VersionDef {
    setProducer(producer: number): void;
  }
  export class GraphDef {
    setNodeList(nodes: NodeDef[]): void;
    setVersions(versions: VersionDef): void;
    serializeBinary(): Uint8Array;
  }
}
