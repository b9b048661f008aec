// Whether an executable still is the one that this repository names.

import { createHash } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

const CHUNK_BYTES = 1024 * 1024

/**
 * Whether a regular file has this SHA-256. Reading 150 MB takes 0.1 to 0.3 s, so that a file which was verified is read
 * again only when it has changed: each write changes its `ctime`, which no program can set.
 * @param {string} path
 * @param {string} sha256 in hexadecimal
 * @param {string} noteFile remembers the verified file; without it, each call reads the file
 * @returns {boolean}
 */
export function isVerified(path, sha256, noteFile) {
  const state = stateOf(path, sha256)
  if (state === undefined) return false
  if (readNote(noteFile) === state) return true
  if (sha256Of(path) !== sha256 || stateOf(path, sha256) !== state) return false
  writeNote(noteFile, state)
  return true
}

/**
 * What changes with a file; undefined if there is no regular file.
 * @param {string} path
 * @param {string} sha256
 */
function stateOf(path, sha256) {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (found?.isFile() !== true) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = found
  return [path, sha256, dev, ino, size, mtimeNs, ctimeNs].join('\n')
}

/** @param {string} path */
function sha256Of(path) {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const count = readSync(file, chunk)
      if (count === 0) return hash.digest('hex')
      hash.update(chunk.subarray(0, count))
    }
  } finally {
    closeSync(file)
  }
}

/** @param {string} noteFile */
function readNote(noteFile) {
  try {
    return readFileSync(noteFile, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} noteFile
 * @param {string} state
 */
function writeNote(noteFile, state) {
  try {
    mkdirSync(dirname(noteFile), { recursive: true })
    // Renamed into place, so that no other process reads a part of it.
    const draft = `${noteFile}.${process.pid}`
    writeFileSync(draft, state)
    renameSync(draft, noteFile)
  } catch {
    // In a read-only checkout, each start reads the file.
  }
}
