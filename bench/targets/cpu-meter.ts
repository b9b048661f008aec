import { isMainThread } from 'node:worker_threads'
import { answerParent } from './parent.ts'

/*
 * Preloaded into the product, which knows nothing of benchmarks: it lets the benchmark ask for the CPU time of the process.
 * The threads of the product preload it too, but only the process has a parent.
 */
if (isMainThread) answerParent()
