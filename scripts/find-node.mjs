// Finds a Node.js that can run this repository's TypeScript, on a machine whose own Node.js is older.
// Plain JavaScript for Node.js 20, because it runs before anything newer is there.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest version that strips types from TypeScript without a flag and has what the server uses, such as Argon2. */
export const NODE_MIN = '24.7'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** What is fetched where the machine has nothing new enough. */
const NODE_PACKAGE = 'node@26'

/** A download of about 50 MB over a slow line. */
const FETCH_TIMEOUT_MS = 10 * 60 * 1000

const VERSION_TIMEOUT_MS = 10 * 1000

/** Why no Node.js could be had, in a sentence for the person at the terminal. */
export class NodeNotFoundError extends Error {}

/**
 * Whether a version such as `v26.1.0` or `26.1.0` is `NODE_MIN` or later; false for what is no version.
 * @param {string} version
 * @returns {boolean}
 */
export function isNewEnough(version) {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(version.trim()) ?? []
  const [majorMin = 0, minorMin = 0] = NODE_MIN.split('.').map(Number)
  return Number(major) > majorMin || (Number(major) === majorMin && Number(minor) >= minorMin)
}

/**
 * The path of a Node.js executable of at least `NODE_MIN`: the one remembered in `cacheFile`, or else the one
 * that npm brings from its registry, which is then remembered.
 * @param {{ cacheFile: string, env: NodeJS.ProcessEnv, notice: (line: string) => void }} options `notice` is called
 *   once, before the network is used
 * @returns {string}
 * @throws {NodeNotFoundError}
 */
export function findNode({ cacheFile, env, notice }) {
  const remembered = readCache(cacheFile)
  if (remembered !== undefined && runsNewEnough(remembered)) return remembered
  notice(`Node.js ${process.versions.node} is older than ${NODE_MIN}: asking npm for ${NODE_PACKAGE}, once.`)
  const found = fetchNode(env)
  writeCache(cacheFile, found)
  return found
}

/**
 * The environment in which a program finds `nodePath` first when it starts `node`.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} nodePath
 * @returns {NodeJS.ProcessEnv}
 */
export function withNodeFirst(env, nodePath) {
  // Windows calls it "Path" and compares names without case; a second name would leave the order to chance.
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
    // Renamed into place, so that a launcher running at the same time never reads half a path.
    const draft = `${cacheFile}.${process.pid}`
    writeFileSync(draft, `${nodePath}\n`)
    renameSync(draft, cacheFile)
  } catch {
    // A folder that cannot be written to costs a question to npm at each start, and nothing else.
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
  const ask = ['exec', '--yes', '--prefer-offline', `--package=${NODE_PACKAGE}`]
  const { command, args, shell } = npmCommand(env, [...ask, '--', 'node', '-p', 'process.execPath'])
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: withoutPrefix(env),
    shell,
    timeout: FETCH_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const found = (stdout ?? '').trim().split(/\r?\n/).at(-1) ?? ''
  if (status === 0 && runsNewEnough(found)) return found
  const said = [error?.message, stderr?.trim()].filter(Boolean).join('\n')
  throw new NodeNotFoundError(
    `Sallyport needs Node.js ${NODE_MIN} or later; this is ${process.versions.node}, and npm could not bring ` +
      `${NODE_PACKAGE} from its registry. Install a newer Node.js, or connect this machine to an npm registry and ` +
      `try again.${said === '' ? '' : `\nnpm said:\n${said}`}`,
  )
}

/**
 * `npm --prefix FOLDER test` hands its prefix on, and with it a file of settings in FOLDER that is not there, which
 * would hide the machine's own settings (proxy, certificates) from the npm that is asked here.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutPrefix(env) {
  if (resolve(env['npm_config_prefix'] ?? '') !== ROOT) return env
  return { ...env, npm_config_prefix: undefined, npm_config_globalconfig: undefined }
}

/**
 * How to start npm. Its JavaScript file is started by this very Node.js where it can be found, which needs no shell
 * on any system; by name otherwise.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
function npmCommand(env, args) {
  const beside = dirname(process.execPath)
  const candidates = [
    // Set by npm for the scripts it runs; other package managers set it too, to a file of their own.
    basename(env['npm_execpath'] ?? '') === 'npm-cli.js' ? env['npm_execpath'] : undefined,
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    resolve(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((candidate) => candidate !== undefined && existsSync(candidate))
  if (script !== undefined) return { command: process.execPath, args: [script, ...args], shell: false }
  // On Windows npm is a batch file, which only a shell can start. The arguments are constants without anything
  // that a shell would read.
  const windows = process.platform === 'win32'
  return { command: windows ? 'npm.cmd' : 'npm', args, shell: windows }
}
