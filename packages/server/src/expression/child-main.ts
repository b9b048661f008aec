// The program of a child process: it evaluates what its parent sends, one task at a time. It is started without
// settings and without rights (see evaluation-child.ts), and it lives as long as its parent listens.

import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { ChildAnswer, ChildSettings, EvaluationTask } from './evaluated.ts'
import { Sandbox } from './sandbox.ts'

/** Below the server, so that expressions that compute for long do not take the processor from its requests. */
const NICENESS = 5

const MIB_BYTES = 1024 * 1024

const [libraryFile = '', settingsText = ''] = process.argv.slice(2)
const settings = JSON.parse(settingsText) as ChildSettings

// A terminal and a service manager signal every process of a group. The parent still needs this one to finish its
// requests, and ends it when it does not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

process.on('disconnect', () => process.exit())

// What an expression leaves behind has no say in what becomes of the next one.
process.on('unhandledRejection', () => undefined)

setPriority(NICENESS)
const sandbox = new Sandbox(readFileSync(libraryFile, 'utf8'), settings)

process.on('message', (task: EvaluationTask) => {
  const evaluated = sandbox.evaluate(task)
  const isWorn = getHeapStatistics().used_heap_size > settings.heapMiB * MIB_BYTES
  process.send?.({ evaluated, isWorn } satisfies ChildAnswer)
})
process.send?.('ready')
