import { inflateRawSync } from 'node:zlib'

/** Signatures and lengths of records (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16). */
const END = 0x06054b50
const END_BYTES = 22
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const DEFLATED = 8

/**
 * Reads one file of a ZIP archive.
 *
 * @param archive a whole archive of less than 4 GiB
 * @throws if it has no such file, or one that is not deflated
 */
export function zipEntry(archive: Buffer, name: string): Buffer {
  let end = archive.length - END_BYTES
  while (end > 0 && archive.readUInt32LE(end) !== END) end -= 1
  let at = archive.readUInt32LE(end + 16)
  while (archive.readUInt32LE(at) === ENTRY) {
    const nameBytes = archive.readUInt16LE(at + 28)
    if (archive.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes) === name) {
      if (archive.readUInt16LE(at + 10) !== DEFLATED) throw new Error(`${name} is not deflated`)
      const local = archive.readUInt32LE(at + 42)
      const begin = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
      return inflateRawSync(archive.subarray(begin, begin + archive.readUInt32LE(at + 20)))
    }
    at += ENTRY_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  throw new Error(`the archive has no ${name}`)
}
