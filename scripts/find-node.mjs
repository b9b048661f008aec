// Finds a Node.js that can run this repository's TypeScript, if the installed Node.js is too old.
// Plain JavaScript for Node.js 20, because it runs before a newer version is available.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest version that strips TypeScript types without a flag and has every API that the server uses (Argon2). */
export const NODE_MIN = '24.7'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The npm package that provides Node.js if the installed one is too old. */
const NODE_PACKAGE = 'node@26'

/** A download of about 50 MB over a slow line. */
const FETCH_TIMEOUT_MS = 10 * 60 * 1000

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
 * The path of a Node.js executable of at least `NODE_MIN`: the one cached in `cacheFile`, or one that npm downloads
 * from its registry and that is then cached.
 * @param {{ cacheFile: string, env: NodeJS.ProcessEnv, notice: (line: string) => void }} options `notice` is called
 *   with a message for the user before a download
 * @returns {string}
 * @throws {NodeNotFoundError}
 */
export function findNode({ cacheFile, env, notice }) {
  const cached = readCache(cacheFile)
  if (cached !== undefined && runsNewEnough(cached)) return cached
  notice(
    `Node.js ${process.versions.node} is older than ${NODE_MIN}. Getting ${NODE_PACKAGE} from npm (only once).`,
  )
  const found = fetchNode(env)
  writeCache(cacheFile, found)
  return found
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

/** @param {string} cacheFile */
function readCache(cacheFile) {
  try {
    return readFileSync(cacheFile, 'utf8').trim()
  } catch {
    return undefined
  }
}

/**
 * @param {string} cacheFile
 * @param {string} nodePath
 */
function writeCache(cacheFile, nodePath) {
  try {
    mkdirSync(dirname(cacheFile), { recursive: true })
    // Renamed into place, so that a concurrent launcher never reads a partial path.
    const draft = `${cacheFile}.${process.pid}`
    writeFileSync(draft, `${nodePath}\n`)
    renameSync(draft, cacheFile)
  } catch {
    // Without a cache, each start asks npm again.
  }
}

/** @param {string} nodePath */
function runsNewEnough(nodePath) {
  if (!existsSync(nodePath)) return false
  const { status, stdout } = spawnSync(nodePath, ['--version'], {
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
  })
  return status === 0 && isNewEnough(stdout)
}

/** @param {NodeJS.ProcessEnv} env */
function fetchNode(env) {
  const options = ['exec', '--yes', '--prefer-offline', `--package=${NODE_PACKAGE}`]
  const { command, args, shell } = npmCommand(env, [...options, '--', 'node', '-p', 'process.execPath'])
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: withoutPrefix(env),
    shell,
    timeout: FETCH_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const found = (stdout ?? '').trim().split(/\r?\n/).at(-1) ?? ''
  if (status === 0 && runsNewEnough(found)) return found
  const output = [error?.message, stderr?.trim()].filter(Boolean).join('\n')
  throw new NodeNotFoundError(
    `Sallyport needs Node.js ${NODE_MIN} or later. This is ${process.versions.node}, and npm could not get ` +
      `${NODE_PACKAGE} from its registry. Install a newer Node.js, or connect this machine to an npm registry and ` +
      `try again.${output === '' ? '' : `\nOutput of npm:\n${output}`}`,
  )
}

/**
 * `npm --prefix FOLDER test` passes its prefix to child processes, and with it the path of a global settings file in
 * FOLDER that does not exist. Without this, npm would ignore the machine's own settings (proxy, certificates).
 * @param {NodeJS.ProcessEnv} env
 */
function withoutPrefix(env) {
  if (resolve(env['npm_config_prefix'] ?? '') !== ROOT) return env
  return { ...env, npm_config_prefix: undefined, npm_config_globalconfig: undefined }
}

/**
 * How to start npm: its JavaScript file with the current Node.js, which needs no shell on any system, or by name if that
 * file is not found.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
function npmCommand(env, args) {
  const nodeFolder = dirname(process.execPath)
  const candidates = [
    // npm sets it for the scripts that it runs; other package managers set it to their own file.
    basename(env['npm_execpath'] ?? '') === 'npm-cli.js' ? env['npm_execpath'] : undefined,
    join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    resolve(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((candidate) => candidate !== undefined && existsSync(candidate))
  if (script !== undefined) return { command: process.execPath, args: [script, ...args], shell: false }
  // On Windows npm is a batch file, which only a shell can start. The arguments are constants without special shell
  // characters.
  const isWindows = process.platform === 'win32'
  return { command: isWindows ? 'npm.cmd' : 'npm', args, shell: isWindows }
}
