/** A value that the virtual authenticator can encode. */
export type Cbor =
  | number
  | string
  | Uint8Array
  | boolean
  | readonly Cbor[]
  | ReadonlyMap<number | string, Cbor>

/** Encodes a value deterministically (RFC 8949 section 4.2.1), but keeps the order of maps. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, Cbor>)]
    return Buffer.concat([head(5, entries.length), ...entries.flat().map((item) => encodeCbor(item))])
  }
  const items = value as readonly Cbor[]
  return Buffer.concat([head(4, items.length), ...items.map((item) => encodeCbor(item))])
}

/** The type and length of an item (RFC 8949 section 3). */
function head(majorType: number, argument: number): Buffer {
  const type = majorType << 5
  if (argument < 24) return Buffer.from([type | argument])
  if (argument < 0x100) return Buffer.from([type | 24, argument])
  const long = Buffer.alloc(argument < 0x1_0000 ? 3 : 5)
  long.writeUInt8(type | (long.length === 3 ? 25 : 26))
  if (long.length === 3) long.writeUInt16BE(argument, 1)
  else long.writeUInt32BE(argument, 1)
  return long
}
