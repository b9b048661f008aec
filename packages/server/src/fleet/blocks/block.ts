import type { KeyObject } from 'node:crypto'
import { hash, sign, verify } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { RECORDS_VERSION, type Change, type FeedRecord } from '@sallyport/core'
import type { Position } from '../../sync/cell-writer.ts'

/*
 * A block is what a control node sends to gateways and what these keep on their disks: some changes, or a part of a
 * snapshot. It is signed, so a gateway takes it from anywhere.
 *
 *   1 byte     version of the format
 *   1 byte     1 if the content is compressed (Zstandard, RFC 8878), else 0
 *   4 bytes    length of the head, most significant byte first
 *   head       `BlockHead` as JSON
 *   content    the changes, or the records, as JSON
 *   64 bytes   Ed25519 signature (RFC 8032) of `CONTEXT` and the SHA-256 of everything before
 */
const FORMAT = 1
const PREFIX_BYTES = 6
const SIGNATURE_BYTES = 64
const CONTEXT = Buffer.from('sallyport block 1\n')
/** Smaller contents are not compressed. */
const COMPRESSED_MIN = 512
/** What the content of a block takes at most, in bytes. */
const CONTENT_BYTES_MAX = 256 * 1024 * 1024
const HEAD_BYTES_MAX = 4096

/** What the heads of all blocks have. */
interface AnyHead {
  /** See `fleetName`. */
  readonly fleet: string
  /** The version of the records that a reader must know. Left out for 1. */
  readonly needs?: number
}

/** Changes, and the position that they lead from. */
export interface ChangesHead extends AnyHead {
  readonly kind: 'changes'
  readonly from: Position
  readonly to: Position
}

/** A part of everything that there is at a position. */
export interface SnapshotHead extends AnyHead {
  readonly kind: 'snapshot'
  readonly to: Position
  /** 0, 1, 2, … */
  readonly part: number
  readonly isLast: boolean
}

export type BlockHead = ChangesHead | SnapshotHead

/** A change as a block has it. */
export type BlockChange = Change & Position

/** A block whose signature was checked. */
export type Block =
  | { readonly head: ChangesHead; readonly changes: readonly BlockChange[] }
  | { readonly head: SnapshotHead; readonly records: readonly FeedRecord[] }

/** The version of the records that a reader of a block must know. */
export function neededBy({ needs = 1 }: BlockHead): number {
  return needs
}

/** The same as a member of a head. */
export function needing(version: number): Pick<AnyHead, 'needs'> {
  return version === 1 ? {} : { needs: version }
}

/**
 * A part of a record that this release does not know may be a restriction, so nothing of such a block is read.
 *
 * @throws BlockError if a block needs a later version of the records than this release knows
 */
export function mustKnow(head: BlockHead): void {
  if (neededBy(head) <= RECORDS_VERSION) return
  throw new BlockError(
    `Revision ${head.to.revision} needs version ${neededBy(head)} of the records, and this gateway reads up to ${RECORDS_VERSION}. Upgrade the gateway.`,
  )
}

/** Bytes that are no block of the fleet. */
export class BlockError extends Error {}

/** @param content plain data */
export function encodeBlock(
  head: BlockHead,
  content: readonly BlockChange[] | readonly FeedRecord[],
  key: KeyObject,
): Buffer {
  const text = Buffer.from(JSON.stringify(content))
  const isCompressed = text.length >= COMPRESSED_MIN
  const headText = Buffer.from(JSON.stringify(head))
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix[0] = FORMAT
  prefix[1] = isCompressed ? 1 : 0
  prefix.writeUInt32BE(headText.length, 2)
  const signed = Buffer.concat([prefix, headText, isCompressed ? zstdCompressSync(text) : text])
  return Buffer.concat([signed, sign(null, signedBytes(signed), key)])
}

/**
 * Checks the signature of a block and reads its head alone.
 *
 * @throws BlockError; see `decodeBlock`
 */
export function decodeHead(bytes: Uint8Array, fleet: string, key: KeyObject): BlockHead {
  return openBlock(bytes, fleet, key).head
}

/**
 * Reads the head of a block whose signature was checked before.
 *
 * @throws BlockError if the bytes are no block of this format
 */
export function headOfChecked(bytes: Uint8Array): BlockHead {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = block.length - SIGNATURE_BYTES
  if (end < PREFIX_BYTES) throw new BlockError('The block is too short.')
  return readHead(block.subarray(0, end)).head
}

/**
 * Checks the signature of a block and reads it.
 *
 *
 * @param fleet the name that its head must have
 * @param key the public key of the fleet
 * @throws BlockError if the bytes are no block that the fleet has signed, or have a format or records of a later version
 */
export function decodeBlock(bytes: Uint8Array, fleet: string, key: KeyObject): Block {
  const { head, content, isCompressed } = openBlock(bytes, fleet, key)
  mustKnow(head)
  const text = isCompressed ? zstdDecompressSync(content, { maxOutputLength: CONTENT_BYTES_MAX }) : content
  const items = JSON.parse(text.toString()) as unknown
  return head.kind === 'changes'
    ? { head, changes: items as readonly BlockChange[] }
    : { head, records: items as readonly FeedRecord[] }
}

function openBlock(
  bytes: Uint8Array,
  fleet: string,
  key: KeyObject,
): { readonly head: BlockHead; readonly content: Buffer; readonly isCompressed: boolean } {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = block.length - SIGNATURE_BYTES
  if (end < PREFIX_BYTES) throw new BlockError('The block is too short.')
  const signed = block.subarray(0, end)
  // Nothing of the bytes is believed before.
  if (!verify(null, signedBytes(signed), key, block.subarray(end)))
    throw new BlockError('The signature of the block is not one of this fleet.')
  const { head, headEnd } = readHead(signed)
  if (head.fleet !== fleet) throw new BlockError(`The block is of the fleet ${head.fleet}.`)
  return { head, content: signed.subarray(headEnd), isCompressed: signed[1] === 1 }
}

/** @param signed a block without its signature */
function readHead(signed: Buffer): { readonly head: BlockHead; readonly headEnd: number } {
  if (signed[0] !== FORMAT) throw new BlockError(`The block has the format ${signed[0]}, which is unknown.`)
  const headEnd = PREFIX_BYTES + signed.readUInt32BE(2)
  if (headEnd > Math.min(signed.length, PREFIX_BYTES + HEAD_BYTES_MAX))
    throw new BlockError('The head of the block is too long.')
  return { head: JSON.parse(signed.toString('utf8', PREFIX_BYTES, headEnd)) as BlockHead, headEnd }
}

/** Ed25519 hashes what it signs twice, so it gets a digest. */
function signedBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([CONTEXT, hash('sha256', bytes, 'buffer')])
}
