// The program of a worker process: evaluates the tasks that its parent sends, one at a time. It runs without settings
// and with almost no permissions (see worker-permissions.ts), and exits when its parent disconnects.

import { readFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import type { WorkerResponse, WorkerSettings, EvaluationTask } from './evaluation.ts'
import { Sandbox } from './sandbox.ts'

const MIB_BYTES = 1024 * 1024
const MICROSECONDS_PER_MS = 1000

const [libraryFile = '', settingsText = ''] = process.argv.slice(2)
const settings = JSON.parse(settingsText) as WorkerSettings

// Terminals and service managers signal every process of a group. The parent still needs this process to finish its
// requests, and kills it afterwards.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

process.on('disconnect', () => process.exit())

// A promise that an expression leaves behind must not affect the next evaluation.
process.on('unhandledRejection', () => undefined)

const sandbox = new Sandbox(
  { library: readFileSync(libraryFile, 'utf8'), exactJson: settings.exactJson },
  settings,
)

process.on('message', (task: EvaluationTask) => {
  const before = process.threadCpuUsage()
  const result = sandbox.evaluate(task)
  const { user, system } = process.threadCpuUsage(before)
  const cpuMs = (user + system) / MICROSECONDS_PER_MS
  const isHeapExhausted = getHeapStatistics().used_heap_size > settings.heapMiB * MIB_BYTES
  process.send?.({ result, cpuMs, isHeapExhausted } satisfies WorkerResponse)
})
process.send?.('ready')
