// The launcher: `node scripts/node.mjs [node flags] FILE [arguments]` runs FILE with a Node.js that is new enough.
//
// FILE runs in this process if it is new enough and there are no flags. Otherwise a child process runs it, and this
// process only forwards signals and exits the same way. Standard output belongs to FILE.
//
// FILE also gets SIGTERM when the process above it dies and could not forward a signal: npm, for a script of package.json,
// or the launcher. For that purpose, the child preloads this file as `node.mjs?parent=PID`.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import Module from 'node:module'
import { join, resolve } from 'node:path'
import { ROOT, NodeNotFoundError, findNode, isNewEnough, withNodeFirst } from './find-node.mjs'

const CACHE = join(ROOT, 'node_modules', '.cache', 'sallyport')
/** Where Node.js keeps compiled modules, which halves the time that a program needs to start. */
const COMPILED = join(CACHE, 'compiled')

/** The termination signals that a process can handle. */
const FORWARDED_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** How often a process checks that its parent lives, in ms. The check is a system call of less than a microsecond. */
const PARENT_CHECK_MS = 250

/** @param {string} line */
function printError(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * The environment of a program and of the processes that it starts.
 * @param {string} node
 */
function environment(node) {
  return { NODE_COMPILE_CACHE: COMPILED, ...withNodeFirst(process.env, node) }
}

/**
 * Runs FILE in this process, as if Node.js had been started with it: `import.meta.main` is true there.
 * @param {string} file
 * @param {string[]} args
 */
function runHere(file, args) {
  process.argv = [process.execPath, resolve(file), ...args]
  Object.assign(process.env, environment(process.execPath))
  Module.enableCompileCache(process.env['NODE_COMPILE_CACHE'])
  Module.runMain()
}

/**
 * Whether an interrupt must be forwarded. A terminal signals every process of its foreground group, so the child may
 * receive a forwarded interrupt as its second one. The programs of this repository take both as one. For others the
 * second commonly means "stop at once", so that they get none from a process with a terminal.
 * @param {string} file
 */
function forwardsInterrupt(file) {
  if (process.platform === 'win32') return false
  if (!file.split(/[\\/]/).includes('node_modules')) return true
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return false
  } catch {
    return true
  }
}

/**
 * Whether npm runs FILE as the script of package.json. npm's variables alone do not tell: each process that a script
 * starts inherits them.
 * @param {string} file
 */
function isScriptOfNpm(file) {
  return process.env['npm_lifecycle_script']?.includes(file) === true
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Sends this process SIGTERM when its parent has died.
 * @param {number} parent its process ID; any other one belongs to the process that adopted this one
 */
function endWithParent(parent) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_CHECK_MS)
  timer.unref()
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {string} file
 */
function runChild(node, args, file) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  const forwarded = FORWARDED_SIGNALS.filter((signal) => signal !== 'SIGINT' || forwardsInterrupt(file))
  for (const signal of FORWARDED_SIGNALS) {
    // The handler also keeps this process alive until the child has exited.
    process.on(signal, () => {
      if (forwarded.includes(signal)) child?.kill(signal)
    })
  }
  const preload = process.platform === 'win32' ? [] : ['--import', `${import.meta.url}?parent=${process.pid}`]
  child = spawn(node, [...preload, ...args], { stdio: 'inherit', env: environment(node) })
  child.on('error', (error) => {
    printError(`${node} could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    for (const name of FORWARDED_SIGNALS) process.removeAllListeners(name)
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    // The shell convention for a signal exit status, in case the signal does not end this process.
    process.exitCode = 128 + constants.signals[signal]
    process.kill(process.pid, signal)
  })
}

async function main() {
  const args = process.argv.slice(2)
  const fileIndex = args.findIndex((argument) => !argument.startsWith('-'))
  const file = args[fileIndex]
  if (file === undefined) {
    printError('Usage: node scripts/node.mjs [node flags, with values after "="] FILE [arguments]')
    process.exitCode = 2
    return
  }
  if (isScriptOfNpm(file)) endWithParent(process.ppid)
  const isNew = isNewEnough(process.versions.node)
  if (isNew && fileIndex === 0) {
    runHere(file, args.slice(1))
    return
  }
  try {
    const options = { checkout: CACHE, env: process.env, notice: printError }
    runChild(isNew ? process.execPath : await findNode(options), args, file)
  } catch (error) {
    if (!(error instanceof NodeNotFoundError)) throw error
    printError(error.message)
    process.exitCode = 1
  }
}

const preloadedBy = new URL(import.meta.url).searchParams.get('parent')
if (preloadedBy === null) await main()
// A process that the child forks inherits the flag, but has another parent.
else if (process.ppid === Number(preloadedBy) || !isRunning(Number(preloadedBy)))
  endWithParent(Number(preloadedBy))
