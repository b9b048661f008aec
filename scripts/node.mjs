// The launcher: `node scripts/node.mjs [node flags] FILE [arguments]` runs FILE with a Node.js that is new enough.
//
// FILE runs in this process if it is new enough and there are no flags. Otherwise a child process runs it, and this
// process only forwards signals and exits the same way. Standard output belongs to FILE.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import Module from 'node:module'
import { join, resolve } from 'node:path'
import { ROOT, NodeNotFoundError, findNode, isNewEnough, withNodeFirst } from './find-node.mjs'

const CACHE_FILE = join(ROOT, 'node_modules', '.cache', 'sallyport', 'node-path')

/** The termination signals that a process can handle. */
const FORWARDED_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** @param {string} line */
function printError(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs FILE in this process, as if Node.js had been started with it: `import.meta.main` is true there.
 * @param {string} file
 * @param {string[]} args
 */
function runHere(file, args) {
  process.argv = [process.execPath, resolve(file), ...args]
  Object.assign(process.env, withNodeFirst(process.env, process.execPath))
  Module.runMain()
}

/**
 * Whether the terminal itself sends an interrupt to the child. It signals every process of its foreground group, so
 * forwarding would send a second interrupt, which commonly means "stop at once". Without a controlling terminal, only
 * this process receives the interrupt.
 */
function terminalInterruptsChild() {
  if (process.platform === 'win32') return true
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 */
function runChild(node, args) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  const isInterruptedByTerminal = terminalInterruptsChild()
  for (const signal of FORWARDED_SIGNALS) {
    // The handler also keeps this process alive until the child has exited.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !isInterruptedByTerminal) child?.kill(signal)
    })
  }
  child = spawn(node, args, { stdio: 'inherit', env: withNodeFirst(process.env, node) })
  child.on('error', (error) => {
    printError(`${node} could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    for (const forwarded of FORWARDED_SIGNALS) process.removeAllListeners(forwarded)
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    // The shell convention for a signal exit status, in case the signal does not end this process.
    process.exitCode = 128 + constants.signals[signal]
    process.kill(process.pid, signal)
  })
}

function main() {
  const args = process.argv.slice(2)
  const fileIndex = args.findIndex((argument) => !argument.startsWith('-'))
  const file = args[fileIndex]
  if (file === undefined) {
    printError('Usage: node scripts/node.mjs [node flags, with values after "="] FILE [arguments]')
    process.exitCode = 2
    return
  }
  const isNew = isNewEnough(process.versions.node)
  if (isNew && fileIndex === 0) {
    runHere(file, args.slice(1))
    return
  }
  try {
    const options = { cacheFile: CACHE_FILE, env: process.env, notice: printError }
    runChild(isNew ? process.execPath : findNode(options), args)
  } catch (error) {
    if (!(error instanceof NodeNotFoundError)) throw error
    printError(error.message)
    process.exitCode = 1
  }
}

main()
