// Finds a Node.js that can run this repository's TypeScript, if the installed Node.js is too old.
// Plain JavaScript for Node.js 20, because it runs before a newer version is available.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolders, isPrivate, makePrivate } from './node/cache-folders.mjs'
import { distributionFor, NODE_MIN, NODE_VERSION } from './node/distributions.mjs'
import { withLock } from './node/fetch-lock.mjs'
import { fetchNode } from './node/fetch-node.mjs'
import { isVerified } from './node/verified-file.mjs'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const VERSION_TIMEOUT_MS = 10 * 1000

/** No suitable Node.js is available. The message tells the user why and what to do. */
export class NodeNotFoundError extends Error {}

/**
 * Whether a version such as `v26.1.0` or `26.1.0` is `NODE_MIN` or later; false for an invalid version.
 * @param {string} version
 * @returns {boolean}
 */
export function isNewEnough(version) {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(version.trim()) ?? []
  const [majorMin = 0, minorMin = 0] = NODE_MIN.split('.').map(Number)
  return Number(major) > majorMin || (Number(major) === majorMin && Number(minor) >= minorMin)
}

/**
 * The path of the Node.js executable of exactly `NODE_VERSION`: of the user's cache, or fetched from the npm registry into
 * it. It is verified before it is returned.
 * @param {object} options
 * @param {string} options.checkout the folder for caches in the repository; it may be read-only
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.notice called with messages for the user
 * @param {import('./node/distributions.mjs').Distribution} [options.distribution] that of this machine unless given
 * @returns {Promise<string>}
 * @throws {NodeNotFoundError}
 */
export async function findNode({
  checkout,
  env,
  notice,
  distribution = distributionFor(process.platform, process.arch),
}) {
  if (distribution === undefined) {
    throw notFound(`npm has no Node.js ${NODE_VERSION} for ${process.platform} on ${process.arch}`)
  }
  const { name, version, executable, sha256 } = distribution
  const nameInCache = `${name}-${version}`
  const noteFile = join(checkout, 'verified-node')
  const usableIn = (/** @type {string} */ folder) => {
    const path = join(folder, nameInCache, executable)
    const isSafe = [folder, join(folder, nameInCache), dirname(path), path].every(isPrivate)
    return isSafe && isVerified(path, sha256, noteFile) ? path : undefined
  }
  const folders = cacheFolders(env, checkout)
  for (const folder of folders) {
    const path = usableIn(folder)
    if (path !== undefined) return path
  }
  const folder = folders.find(makePrivate)
  if (folder === undefined) {
    throw notFound(`it cannot be kept in any of these folders: ${folders.join(', ')}`, {
      remedy: 'Make one of them writable for this user alone, or set XDG_CACHE_HOME to such a folder',
    })
  }
  const target = join(folder, nameInCache)
  const done = () => usableIn(folder)
  const onWait = () => notice(`Another process is getting Node.js ${version}. Waiting for it …`)
  return await withLock(join(folder, `.${nameInCache}.lock`), { onWait, done }, async () => {
    notice(
      `Node.js ${process.versions.node} is older than ${NODE_MIN}. Getting Node.js ${version} from npm (55 MB, only once), into ${target} …`,
    )
    const failure = await fetchNode(distribution, target, { env, notice })
    if (failure !== null) throw notFound(`npm could not get ${name}@${version}`, { output: failure })
    const path = done()
    if (path === undefined) throw notFound(`${target} was changed while it was put there`)
    if (!runsNewEnough(path))
      throw notFound(`${path} does not run on this system`, { output: outputOf(path) })
    notice(`Node.js ${version} is ready.`)
    return path
  })
}

/**
 * @param {string} reason
 * @param {{ remedy?: string, output?: string }} [more]
 */
function notFound(reason, { remedy = 'Connect this machine to an npm registry and try again', output } = {}) {
  return new NodeNotFoundError(
    `Sallyport needs Node.js ${NODE_MIN} or later. This is ${process.versions.node}, and ${reason}. ${remedy}, or install ` +
      `Node.js ${NODE_MIN} or later.${output === undefined ? '' : `\n${output}`}`,
  )
}

/**
 * The environment with the folder of `nodePath` first on `PATH`.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} nodePath
 * @returns {NodeJS.ProcessEnv}
 */
export function withNodeFirst(env, nodePath) {
  // Windows names it "Path" and ignores case; adding a second name would make the order unpredictable.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const delimiter = process.platform === 'win32' ? ';' : ':'
  const rest = (env[name] ?? '').split(delimiter).filter((folder) => folder !== dirname(nodePath))
  return { ...env, [name]: [dirname(nodePath), ...rest].filter((folder) => folder !== '').join(delimiter) }
}

/** @param {string} nodePath */
function runsNewEnough(nodePath) {
  const { status, stdout } = versionOf(nodePath)
  return status === 0 && isNewEnough(stdout)
}

/** @param {string} nodePath */
function outputOf(nodePath) {
  const { error, stdout, stderr } = versionOf(nodePath)
  return [error?.message, stdout, stderr].filter(Boolean).join('\n').trim()
}

/** @param {string} nodePath */
function versionOf(nodePath) {
  return spawnSync(nodePath, ['--version'], { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS })
}
