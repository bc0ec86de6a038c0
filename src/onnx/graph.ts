import { ExportError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import {
  encodeModel,
  encodeNode,
  type AttributeValue,
  type ElementType,
  type NodeProto,
  type TensorData,
  type TensorProto,
  type ValueInfoProto,
  type ValueTypeProto,
} from './proto.js';

/** The newest versions that every ONNX Runtime since 1.17 loads. */
const irVersion = 8;
const opsets = { '': 17, 'ai.onnx.ml': 3, 'com.microsoft': 1 } as const;
export type Domain = keyof typeof opsets;

/**
 * What operators outside the standard give. The ONNX checker does not know them, and its shape inference
 * (onnx 1.23) crashes where a LabelEncoder reads a value of unknown type.
 */
const foreignTypes: Readonly<Record<string, ElementType>> = { Tokenizer: 'string', MurmurHash3: 'int32' };

/** The name of a value inside a graph. */
export type ValueName = string;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An ONNX graph as it grows: nodes in the order they are added, equal constants and equal nodes only once. */
export interface GraphBuilder {
  /** A graph input of that name, `[N]` or `[N, ...width]`. */
  input(name: string, type: ElementType, width?: readonly number[]): ValueName;
  constant(tensor: TensorData): ValueName;
  /** The first output of an operator. */
  node(opType: string, inputs: readonly ValueName[], attributes?: Attributes, domain?: Domain): ValueName;
  /** A float graph output of that name, `[N]` or `[N, ...width]`: the first output of an operator. */
  output(
    name: string,
    opType: string,
    inputs: readonly ValueName[],
    attributes?: Attributes,
    width?: readonly number[],
  ): void;
  /** The bytes of the model; metadata is sorted by key and escaped to ASCII. */
  finish(metadata?: Readonly<Record<string, string>>): Uint8Array;
}

/**
 * An empty graph.
 * @throws {ExportError} from `input` and `output`, for a name that is empty or already taken
 */
export function graphBuilder(name: string): GraphBuilder {
  const taken = new Set<string>();
  const inputs: ValueInfoProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const initializers: TensorProto[] = [];
  const nodes: NodeProto[] = [];
  const values: ValueTypeProto[] = [];
  const known = new Map<string, ValueName>();
  const domains = new Set<Domain>(['', 'ai.onnx.ml']);
  let counter = 0;

  function claim(value: string, role: string): void {
    if (value === '') throw new ExportError(`onnx: an ${role} has an empty name; name the column`);
    if (taken.has(value)) {
      throw new ExportError(
        `onnx: ${role} ${value} has the name of another input or output; rename the column`,
      );
    }
    taken.add(value);
  }

  function fresh(stem: string): ValueName {
    let value: string;
    do value = `${stem}_${counter++}`;
    while (taken.has(value));
    taken.add(value);
    return value;
  }

  /** The value known under `key`, made the first time. */
  function once(key: string, make: () => ValueName): ValueName {
    const held = known.get(key) ?? make();
    known.set(key, held);
    return held;
  }

  function nodeProto(
    opType: string,
    domain: Domain,
    from: readonly ValueName[],
    attributes: Attributes,
    to: readonly ValueName[],
  ): NodeProto {
    const entries = Object.entries(attributes).map(([key, value]) => ({ name: key, value }));
    return { opType, domain, inputs: from, outputs: to, attributes: entries };
  }

  return {
    input(value, type, width = []) {
      claim(value, 'input');
      inputs.push({ name: value, type, dims: ['N', ...width] });
      return value;
    },
    constant(tensor) {
      const { data } = tensor;
      const content = ArrayBuffer.isView(data)
        ? sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        : sha256(JSON.stringify(data));
      return once(`constant ${tensor.type} [${tensor.dims.join()}] ${content}`, () => {
        const value = fresh('constant');
        initializers.push({ ...tensor, name: value });
        return value;
      });
    },
    node(opType, from, attributes = {}, domain = '') {
      const key = sha256(encodeNode(nodeProto(opType, domain, from, attributes, [])));
      return once(`node ${key}`, () => {
        const value = fresh(opType.toLowerCase());
        domains.add(domain);
        nodes.push(nodeProto(opType, domain, from, attributes, [value]));
        if (opType in foreignTypes) values.push({ name: value, type: foreignTypes[opType] });
        return value;
      });
    },
    output(value, opType, from, attributes = {}, width = []) {
      claim(value, 'output');
      outputs.push({ name: value, type: 'float', dims: ['N', ...width] });
      nodes.push(nodeProto(opType, '', from, attributes, [value]));
    },
    finish(metadata = {}) {
      const entries = Object.entries(metadata).map(([key, value]) => [ascii(key), ascii(value)] as const);
      return encodeModel({
        irVersion,
        producerName: 'kol-trainer',
        modelVersion: 1,
        graph: { name, nodes, initializers, inputs, outputs, values },
        opsets: (Object.keys(opsets) as Domain[])
          .filter((domain) => domains.has(domain))
          .map((domain) => ({ domain, version: opsets[domain] })),
        metadata: entries.sort(([a], [b]) => (a < b ? -1 : 1)),
      });
    },
  };
}

// Java reads metadata through modified UTF-8 and garbles emoji; \u escapes survive, and stay JSON where it is JSON.
function ascii(text: string): string {
  return text.replace(
    /[^\x20-\x7e\n\t]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A float tensor; one-dimensional unless `dims` says otherwise, and `[]` is a scalar. */
export function floats(values: Iterable<number>, dims?: readonly number[]): TensorData {
  const data = Float32Array.from(values);
  return { type: 'float', dims: dims ?? [data.length], data };
}

/** A double tensor; one-dimensional unless `dims` says otherwise, and `[]` is a scalar. */
export function doubles(values: Iterable<number>, dims?: readonly number[]): TensorData {
  const data = Float64Array.from(values);
  return { type: 'double', dims: dims ?? [data.length], data };
}

/** An int64 tensor; one-dimensional unless `dims` says otherwise, and `[]` is a scalar. */
export function int64s(values: Iterable<number | bigint>, dims?: readonly number[]): TensorData {
  const data = BigInt64Array.from(Array.from(values, BigInt));
  return { type: 'int64', dims: dims ?? [data.length], data };
}

/** An int32 tensor; one-dimensional unless `dims` says otherwise, and `[]` is a scalar. */
export function int32s(values: Iterable<number>, dims?: readonly number[]): TensorData {
  const data = Int32Array.from(values);
  return { type: 'int32', dims: dims ?? [data.length], data };
}
