// Lets one process of a user fetch Node.js while the others wait for it.

import { closeSync, openSync, rmSync, statSync, utimesSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** How often the holder shows that it lives, and how often the others look, in ms. */
const BEAT_MS = 500
/** After so many ms without a sign of life the holder has died. A machine that slept may then fetch twice, which is safe. */
const STALE_MS = 10_000

/**
 * Runs `work` when no other process does with the same file.
 * @template T
 * @param {string} file exists while a process works
 * @param {{ onWait: () => void, done: () => T | undefined }} options `onWait` is called once if another process works;
 *   `done` is asked while it does, and ends the wait with its result
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait, done }, work) {
  for (let waits = 0; !take(file); waits += 1) {
    if (waits === 0) onWait()
    await setTimeout(BEAT_MS)
    const result = done()
    if (result !== undefined) return result
    if (isStale(file)) rmSync(file, { force: true })
  }
  const beat = setInterval(() => touch(file), BEAT_MS)
  try {
    return done() ?? (await work())
  } finally {
    clearInterval(beat)
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
function take(file) {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // Another process took it for dead.
  }
}

/** @param {string} file */
function isStale(file) {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS
}
