/**
 * A path as bytes, because a file name on Linux need not be UTF-8, and as people read it. The readable one starts with what
 * they gave to the scan.
 */
export interface FilePath {
  readonly bytes: Buffer
  readonly shown: string
}

const SLASH = Buffer.from('/')

/** The path of a file or folder below a folder. `name` may have several segments, and `/` at its end. */
export function joinPath(folder: FilePath, name: Buffer): FilePath {
  if (name.at(-1) === SLASH[0]) return joinPath(folder, name.subarray(0, -1))
  return {
    bytes: Buffer.concat([folder.bytes, SLASH, name]),
    shown: shownBelow(folder.shown, name.toString()),
  }
}

/** The readable path of a file below a folder; `.` is left out. */
export function shownBelow(folder: string, name: string): string {
  if (folder === '.') return name
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`
}
