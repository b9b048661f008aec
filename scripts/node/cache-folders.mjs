// Where a fetched Node.js is kept: once for each user of the machine, if possible.

import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Permissions with which other users could replace a file. */
const OTHERS_WRITE = 0o022

/**
 * The folders that may hold Node.js, the best first.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} checkout the folder for caches in the repository
 * @returns {string[]}
 */
export function cacheFolders(env, checkout) {
  const user = userCache(env)
  const uid = process.getuid?.() ?? 'user'
  return [
    ...(user === undefined ? [] : [join(user, 'sallyport', 'node')]),
    join(checkout, 'node'),
    join(tmpdir(), `sallyport-node-${uid}`),
  ]
}

/** @param {NodeJS.ProcessEnv} env */
function userCache(env) {
  const home = env['HOME'] ?? homeOf()
  const candidates = [
    env['XDG_CACHE_HOME'],
    process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined,
    home && join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache'),
  ]
  // The specification says to ignore a relative path (XDG Base Directory 0.8).
  return candidates.find((folder) => folder !== undefined && isAbsolute(folder))
}

function homeOf() {
  try {
    return homedir()
  } catch {
    return undefined
  }
}

/**
 * Whether a folder belongs to this user, or to root, and no other user can write to it. What another user can replace must
 * not run, also if it was right when it was verified.
 * @param {string} folder
 * @returns {boolean}
 */
export function isPrivate(folder) {
  // Windows has no such mode bits; a user's folders are private there.
  const uid = process.getuid?.()
  if (uid === undefined) return true
  const found = statSync(folder, { throwIfNoEntry: false })
  return found !== undefined && [0, uid].includes(found.uid) && (found.mode & OTHERS_WRITE) === 0
}

/**
 * Makes a folder that this user alone can write to.
 * @param {string} folder
 * @returns {boolean} whether that worked
 */
export function makePrivate(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
    return isPrivate(folder)
  } catch {
    return false
  }
}
