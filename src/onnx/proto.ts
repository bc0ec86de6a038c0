import { PbfReader, PbfWriter } from 'pbf';

/**
 * The messages of onnx.proto (ONNX IR 8) that this toolkit writes, one `writeX` per message, and the few that it
 * reads back. Field numbers stand where they are used; names are those of the schema.
 */

/** Element types: name to TensorProto.DataType. */
export const elementTypes = { float: 1, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A tensor by value; every kind but strings is stored as raw little-endian bytes. */
export interface TensorData {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];
}

export interface TensorProto extends TensorData {
  readonly name: string;
}

/** One attribute value, by the field of AttributeProto that holds it. */
export type AttributeValue =
  | { readonly f: number }
  | { readonly i: number }
  | { readonly s: string }
  | { readonly t: TensorData }
  | { readonly floats: ArrayLike<number> }
  | { readonly ints: ArrayLike<number | bigint> }
  | { readonly strings: readonly string[] };

export interface AttributeProto {
  readonly name: string;
  readonly value: AttributeValue;
}

export interface NodeProto {
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeProto[];
}

/** A graph input or output; a string dimension is symbolic. */
export interface ValueInfoProto extends ValueTypeProto {
  readonly dims: readonly (number | string)[];
}

/** The type of a value inside a graph, whatever its shape. */
export interface ValueTypeProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims?: readonly (number | string)[];
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  /** Types of inner values that a checker cannot find out by itself. */
  readonly values: readonly ValueTypeProto[];
}

export interface OperatorSetIdProto {
  readonly domain: string;
  readonly version: number;
}

export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly modelVersion: number;
  readonly graph: GraphProto;
  readonly opsets: readonly OperatorSetIdProto[];
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** ModelProto as bytes: the content of an .onnx file. Equal models give equal bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  const pbf = new PbfWriter();
  writeModel(model, pbf);
  return pbf.finish();
}

/** NodeProto as bytes, which also serve as the key of what a node computes. */
export function encodeNode(node: NodeProto): Uint8Array {
  const pbf = new PbfWriter();
  writeNode(node, pbf);
  return pbf.finish();
}

function writeModel(model: ModelProto, pbf: PbfWriter): void {
  pbf.writeVarintField(1, model.irVersion);
  pbf.writeStringField(2, model.producerName);
  pbf.writeVarintField(5, model.modelVersion);
  pbf.writeMessage(7, writeGraph, model.graph);
  for (const opset of model.opsets) pbf.writeMessage(8, writeOperatorSetId, opset);
  for (const entry of model.metadata) pbf.writeMessage(14, writeStringStringEntry, entry);
}

function writeOperatorSetId(opset: OperatorSetIdProto, pbf: PbfWriter): void {
  pbf.writeStringField(1, opset.domain);
  pbf.writeVarintField(2, opset.version);
}

function writeStringStringEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph(graph: GraphProto, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name);
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeNamedTensor, tensor);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValueInfo, output);
  for (const value of graph.values) pbf.writeMessage(13, writeValueInfo, value);
}

function writeNode(node: NodeProto, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, node.opType);
  for (const attribute of node.attributes) pbf.writeMessage(5, writeAttribute, attribute);
  if (node.domain !== '') pbf.writeStringField(7, node.domain);
}

function writeAttribute({ name, value }: AttributeProto, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if ('f' in value) {
    pbf.writeFloatField(2, value.f);
    pbf.writeVarintField(20, 1);
  } else if ('i' in value) {
    pbf.writeVarintField(3, value.i);
    pbf.writeVarintField(20, 2);
  } else if ('s' in value) {
    pbf.writeStringField(4, value.s);
    pbf.writeVarintField(20, 3);
  } else if ('t' in value) {
    pbf.writeMessage(5, writeTensor, value.t);
    pbf.writeVarintField(20, 4);
  } else if ('floats' in value) {
    pbf.writeMessage(7, writeFloats, value.floats);
    pbf.writeVarintField(20, 6);
  } else if ('ints' in value) {
    pbf.writeMessage(8, writeInts, value.ints);
    pbf.writeVarintField(20, 7);
  } else {
    for (const text of value.strings) pbf.writeStringField(9, text);
    pbf.writeVarintField(20, 8);
  }
}

function writeFloats(values: ArrayLike<number>, pbf: PbfWriter): void {
  for (let i = 0; i < values.length; i++) pbf.writeFloat(values[i]);
}

// Packed, which every parser of this proto2 schema accepts and which saves a byte per number.
function writeInts(values: ArrayLike<number | bigint>, pbf: PbfWriter): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'bigint') writeVarint64(value, pbf);
    else pbf.writeVarint(value);
  }
}

// pbf counts in doubles, exact to 2^53; keys of packed n-grams go up to 2^62.
function writeVarint64(value: bigint, pbf: PbfWriter): void {
  let rest = BigInt.asUintN(64, value);
  pbf.realloc(10);
  while (rest > 0x7fn) {
    pbf.buf[pbf.pos++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  pbf.buf[pbf.pos++] = Number(rest);
}

function writeTensor(tensor: TensorData, pbf: PbfWriter): void {
  for (const dim of tensor.dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, elementTypes[tensor.type]);
  const { data } = tensor;
  if (!ArrayBuffer.isView(data)) {
    for (const text of data) pbf.writeBytesField(6, utf8.encode(text));
  } else {
    pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
}

const utf8 = new TextEncoder();

function writeNamedTensor(tensor: TensorProto, pbf: PbfWriter): void {
  writeTensor(tensor, pbf);
  pbf.writeStringField(8, tensor.name);
}

function writeValueInfo(info: ValueTypeProto, pbf: PbfWriter): void {
  pbf.writeStringField(1, info.name);
  pbf.writeMessage(2, writeType, info);
}

function writeType(info: ValueTypeProto, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, info);
}

function writeTensorType(info: ValueTypeProto, pbf: PbfWriter): void {
  pbf.writeVarintField(1, elementTypes[info.type]);
  if (info.dims !== undefined) pbf.writeMessage(2, writeTensorShape, info.dims);
}

function writeTensorShape(dims: readonly (number | string)[], pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeMessage(1, writeDimension, dim);
}

function writeDimension(dim: number | string, pbf: PbfWriter): void {
  if (typeof dim === 'number') pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}

/** What a consumer needs to know of an ONNX file before it opens a session. */
export interface ModelInfo {
  readonly irVersion: number;
  readonly producerName: string;
  /** Domain to version; the standard domain is ''. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Operators in graph order, those outside the standard domain as `domain.Operator`. */
  readonly operators: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/**
 * Reads the head of an ONNX file: what goes in and out, metadata, versions and operators; weights are skipped.
 * @throws {Error} when the bytes are not a protobuf message
 */
export function readModelInfo(bytes: Uint8Array): ModelInfo {
  const opsets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  const info: Mutable<ModelInfo> = {
    irVersion: 0,
    producerName: '',
    opsets,
    inputs: [],
    outputs: [],
    metadata,
    operators: [],
  };
  new PbfReader(bytes).readFields((tag, result, pbf) => {
    if (tag === 1) result.irVersion = pbf.readVarint();
    else if (tag === 2) result.producerName = pbf.readString();
    else if (tag === 7) pbf.readMessage(readGraph, result);
    else if (tag === 8) {
      const opset = pbf.readMessage(readOperatorSetId, { domain: '', version: 0 });
      opsets[opset.domain] = opset.version;
    } else if (tag === 14) {
      const entry = pbf.readMessage(readStringStringEntry, { key: '', value: '' });
      metadata[entry.key] = entry.value;
    }
  }, info);
  return info;
}

function readOperatorSetId(tag: number, opset: Mutable<OperatorSetIdProto>, pbf: PbfReader): void {
  if (tag === 1) opset.domain = pbf.readString();
  else if (tag === 2) opset.version = pbf.readVarint();
}

function readStringStringEntry(tag: number, entry: { key: string; value: string }, pbf: PbfReader): void {
  if (tag === 1) entry.key = pbf.readString();
  else if (tag === 2) entry.value = pbf.readString();
}

function readGraph(tag: number, info: Mutable<ModelInfo>, pbf: PbfReader): void {
  if (tag === 1) {
    const { domain, opType } = pbf.readMessage(readNode, { domain: '', opType: '' });
    info.operators.push(domain === '' ? opType : `${domain}.${opType}`);
  } else if (tag === 11 || tag === 12) {
    const value: Mutable<ValueInfoProto> = { name: '', type: 'float', dims: [] };
    (tag === 11 ? info.inputs : info.outputs).push(pbf.readMessage(readValueInfo, value));
  }
}

function readNode(tag: number, node: { domain: string; opType: string }, pbf: PbfReader): void {
  if (tag === 4) node.opType = pbf.readString();
  else if (tag === 7) node.domain = pbf.readString();
}

function readValueInfo(tag: number, info: Mutable<ValueInfoProto>, pbf: PbfReader): void {
  if (tag === 1) info.name = pbf.readString();
  else if (tag === 2) pbf.readMessage(readType, info);
}

function readType(tag: number, info: Mutable<ValueInfoProto>, pbf: PbfReader): void {
  if (tag === 1) pbf.readMessage(readTensorType, info);
}

function readTensorType(tag: number, info: Mutable<ValueInfoProto>, pbf: PbfReader): void {
  if (tag === 1) {
    const code = pbf.readVarint();
    const known = Object.entries(elementTypes).find(([, value]) => value === code);
    if (known === undefined)
      throw new Error(`onnx: ${info.name} has element type ${code}, which is not read`);
    info.type = known[0] as ElementType;
  } else if (tag === 2) pbf.readMessage(readTensorShape, info);
}

function readTensorShape(tag: number, info: Mutable<ValueInfoProto>, pbf: PbfReader): void {
  if (tag === 1) info.dims.push(pbf.readMessage(readDimension, { dim: '' }).dim);
}

function readDimension(tag: number, result: { dim: number | string }, pbf: PbfReader): void {
  if (tag === 1) result.dim = pbf.readVarint();
  else if (tag === 2) result.dim = pbf.readString();
}
