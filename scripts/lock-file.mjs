// npm runs this after it has changed node_modules. It removes from package-lock.json what is true only of the machine, or
// of another Node.js than the one that runs the packages.
// Plain JavaScript for Node.js 20, because it runs before a newer version is available.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LOCK_FILE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')

/**
 * The lock file without two members of each package of the registry:
 *
 * - `engines`: npm compares it with the Node.js that runs npm, but the launcher runs the packages with a newer one. npm
 *   would print a warning for each of them, and leave out optional ones.
 * - `resolved`: npm asks the registry that it is configured with.
 * @param {string} text
 * @returns {string}
 */
export function portableLockFile(text) {
  const lock = JSON.parse(text)
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.includes('node_modules/') || entry.link === true) continue
    delete entry.engines
    if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved
  }
  return `${JSON.stringify(lock, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(LOCK_FILE, 'utf8')
  const portable = portableLockFile(text)
  // An installation leaves the file as it is, also in a read-only checkout.
  if (portable !== text) writeFileSync(LOCK_FILE, portable)
}
