// The launcher: `node scripts/node.mjs [node flags] FILE [arguments]` runs FILE with a Node.js that is new enough.
//
// Where this process is one already and no flags are asked for, FILE runs right here. Otherwise one child runs it,
// and this process does no more than pass signals on to it and end the way it ended. Standard output belongs to FILE.

import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import Module from 'node:module'
import { join, resolve } from 'node:path'
import { ROOT, NodeNotFoundError, findNode, isNewEnough, withNodeFirst } from './find-node.mjs'

const CACHE_FILE = join(ROOT, 'node_modules', '.cache', 'sallyport', 'node-path')

/** The signals that ask a process to end and that it can act upon. */
const PASSED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

/**
 * Runs FILE in this process, as if Node.js had been started with it: `import.meta.main` holds there too.
 * @param {string} file
 * @param {string[]} args
 */
function runHere(file, args) {
  process.argv = [process.execPath, resolve(file), ...args]
  Object.assign(process.env, withNodeFirst(process.env, process.execPath))
  Module.runMain()
}

/**
 * Whether an interrupt typed at the terminal reaches the child without our doing. It goes to every process of the
 * terminal's foreground group, so passing it on would make it two, and a second interrupt commonly means "stop at
 * once". Without a controlling terminal an interrupt was sent to this process alone.
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
  const alreadyInterrupted = terminalInterruptsChild()
  for (const signal of PASSED_ON) {
    // The handler is also what keeps this process alive until the child has ended in its own way.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !alreadyInterrupted) child?.kill(signal)
    })
  }
  child = spawn(node, args, { stdio: 'inherit', env: withNodeFirst(process.env, node) })
  child.on('error', (error) => {
    say(`${node} could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    for (const passed of PASSED_ON) process.removeAllListeners(passed)
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    // The number stands for a signal that does not end a process here, as shells count it.
    process.exitCode = 128 + constants.signals[signal]
    process.kill(process.pid, signal)
  })
}

function main() {
  const given = process.argv.slice(2)
  const fileAt = given.findIndex((argument) => !argument.startsWith('-'))
  const file = given[fileAt]
  if (file === undefined) {
    say('Usage: node scripts/node.mjs [node flags, values after "="] FILE [arguments]')
    process.exitCode = 2
    return
  }
  const isNew = isNewEnough(process.versions.node)
  if (isNew && fileAt === 0) {
    runHere(file, given.slice(1))
    return
  }
  try {
    const options = { cacheFile: CACHE_FILE, env: process.env, notice: say }
    runChild(isNew ? process.execPath : findNode(options), given)
  } catch (error) {
    if (!(error instanceof NodeNotFoundError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

main()
