// Fetches a Node.js from the npm registry, with the user's own npm and its settings.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { npmCommand, npmEnvironment } from './npm.mjs'
import { isVerified } from './verified-file.mjs'

/** A download of about 55 MB over a slow line. */
const FETCH_TIMEOUT_MS = 10 * 60 * 1000
const PROGRESS_MS = 3_000
const OUTPUT_CHARS_MAX = 4_000
const MEGABYTE = 1_000_000
/** Drafts of processes that died. */
const DRAFT = '.draft-'
const DRAFT_MS_MAX = 2 * FETCH_TIMEOUT_MS

/**
 * Fetches a distribution into a folder. npm verifies the archive before it unpacks it.
 * @param {import('./distributions.mjs').Distribution} distribution
 * @param {string} target does not exist, or is replaced; gets the executable and its license
 * @param {{ env: NodeJS.ProcessEnv, notice: (line: string) => void }} options
 * @returns {Promise<string | null>} what npm said if it failed; null on success
 */
export async function fetchNode(distribution, target, { env, notice }) {
  removeOldDrafts(dirname(target))
  const draft = join(dirname(target), `${DRAFT}${randomBytes(8).toString('hex')}`)
  const ending = cleanOnSignal(draft)
  try {
    mkdirSync(draft, { mode: 0o700 })
    writeProject(draft, distribution)
    const failure = await runNpm(draft, env, ending, notice)
    if (failure !== null) return failure
    const fetched = join(draft, 'node_modules', distribution.name)
    const executable = join(fetched, distribution.executable)
    if (!isVerified(executable, distribution.sha256, join(draft, 'verified'))) {
      return `The executable in ${distribution.name}@${distribution.version} is not the one with the SHA-256 ${distribution.sha256}.`
    }
    const made = join(draft, 'made')
    // Not writable for the group, whatever the umask is.
    mkdirSync(join(made, dirname(distribution.executable)), { recursive: true, mode: 0o755 })
    for (const path of [distribution.executable, 'LICENSE']) move(join(fetched, path), join(made, path))
    chmodSync(join(made, distribution.executable), 0o755)
    replace(made, target)
    return null
  } finally {
    ending.end()
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * A project with one dependency and its lock file, so that npm takes exactly this archive.
 * @param {string} folder
 * @param {import('./distributions.mjs').Distribution} distribution
 */
function writeProject(folder, { name, version, integrity }) {
  const project = { name: 'sallyport-node', version: '1.0.0', dependencies: { [name]: version } }
  const lock = {
    ...project,
    lockfileVersion: 3,
    packages: { '': project, [`node_modules/${name}`]: { version, integrity } },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...project, private: true }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {ReturnType<typeof cleanOnSignal>} ending
 * @param {(line: string) => void} notice
 * @returns {Promise<string | null>}
 */
async function runNpm(folder, env, ending, notice) {
  const options = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--prefer-offline',
    // Without a network, the user learns it in seconds. npm would wait for more than a minute.
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ]
  const { command, args, shell } = npmCommand(env, ['ci', ...options])
  const child = spawn(command, args, {
    cwd: folder,
    env: npmEnvironment(env, isUsable(npmCache(env)) ? undefined : join(folder, 'npm-cache')),
    shell,
    timeout: FETCH_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  ending.stops(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = `${output}${text}`.slice(-OUTPUT_CHARS_MAX)))
  }
  const startMs = performance.now()
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - startMs) / 1000)
    notice(`  ${Math.round(sizeOf(join(folder, 'node_modules')) / MEGABYTE)} MB unpacked after ${seconds} s`)
  }, PROGRESS_MS)
  try {
    const [code, signal] = await once(child, 'close')
    if (code === 0) return null
    const reason = signal === null ? `npm ended with status ${code}.` : 'npm took too long and was ended.'
    return [reason, output.trim()].filter((text) => text !== '').join('\n')
  } catch (error) {
    return `npm could not be started: ${/** @type {Error} */ (error).message}`
  } finally {
    clearInterval(progress)
  }
}

/**
 * Where npm keeps what it downloads, as far as the environment says it.
 * @param {NodeJS.ProcessEnv} env
 */
function npmCache(env) {
  const home = env['HOME'] ?? env['USERPROFILE']
  if (process.platform === 'win32') return env['npm_config_cache'] ?? env['LOCALAPPDATA']
  return env['npm_config_cache'] ?? (home && join(home, '.npm'))
}

/**
 * Whether a folder can be written to, or be made.
 * @param {string | undefined} folder
 * @returns {boolean}
 */
function isUsable(folder) {
  if (folder === undefined || folder === '') return false
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    const isMissing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT'
    return isMissing && dirname(folder) !== folder && isUsable(dirname(folder))
  }
}

/**
 * Ends npm and removes the draft when this process is ended by a signal.
 * @param {string} draft
 */
function cleanOnSignal(draft) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    child?.kill('SIGKILL')
    rmSync(draft, { recursive: true, force: true })
    end()
    process.kill(process.pid, signal)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, onSignal)
  const end = () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
  return {
    end,
    /** @param {import('node:child_process').ChildProcess} started */
    stops(started) {
      child = started
    },
  }
}

/** @param {string} folder */
function removeOldDrafts(folder) {
  for (const name of readdirSync(folder)) {
    const found = name.startsWith(DRAFT)
      ? lstatSync(join(folder, name), { throwIfNoEntry: false })
      : undefined
    if (found === undefined || Date.now() - found.mtimeMs < DRAFT_MS_MAX) continue
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function move(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    // Only the license may be missing.
    if (basename(from) !== 'LICENSE') throw error
  }
}

/**
 * Puts a folder in the place of another one. What runs from the old one keeps running.
 * @param {string} made
 * @param {string} target
 */
function replace(made, target) {
  const old = join(dirname(made), 'old')
  try {
    renameSync(target, old)
  } catch {
    // There is none.
  }
  renameSync(made, target)
}

/**
 * The bytes of all files below a folder.
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((bytes, entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return bytes + sizeOf(path)
      return bytes + (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0)
    }, 0)
  } catch {
    // npm moves folders while it unpacks.
    return 0
  }
}
