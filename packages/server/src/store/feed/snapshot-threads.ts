import { Worker } from 'node:worker_threads'
import { Snapshot, type WrittenBatch } from '@sallyport/core'
import {
  type FeedPosition,
  isSameFeedPosition,
  type LoadedSnapshot,
  type SnapshotOptions,
} from '../port/feed.ts'
import type { FeedKind } from './entity-feed.ts'

/** Where a thread reads. */
export type ReadSource =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** What a thread is started with. */
export interface ReadingOrder {
  readonly source: ReadSource
  /** The number of its `RowWriter`. */
  readonly writer: number
  readonly seed: readonly [number, number]
  readonly part: ReadingPart
}

export type ReadingPart = 'consumers' | 'others'
const PARTS: readonly ReadingPart[] = ['others', 'consumers']

/** Whether a part has the records of a kind. */
export function isInPart(kind: FeedKind, part: ReadingPart): boolean {
  return (kind === 'consumer') === (part === 'consumers')
}

/** What a thread is asked: to read, or to begin its transaction again. */
export type ReadingRequest = 'read' | 'begin'

/** What a thread says: what its transaction sees, what it has read, and at last `end`; or what has failed. */
export type ReadingMessage =
  | { readonly position: FeedPosition }
  | { readonly batch: WrittenBatch }
  | 'end'
  | { readonly error: string }

/** How often the threads begin again because a change was committed between their beginnings. */
const BEGINNINGS_MAX = 200

/**
 * Loads a snapshot with two threads that read the database, write the rows of its tables into shared memory, and hand them
 * over. This thread only indexes the rows.
 *
 * @returns undefined if changes come so fast that the threads never see the same state
 * @throws Error when a thread fails
 */
export async function loadInThreads(
  source: ReadSource,
  { seed, pause }: SnapshotOptions,
): Promise<LoadedSnapshot | undefined> {
  await using stack = new AsyncDisposableStack()
  const threads = PARTS.map((part, writer) => stack.use(new ReadingThread({ source, part, writer, seed })))
  const position = await commonPosition(threads)
  if (position === undefined) return undefined
  for (const thread of threads) thread.ask('read')
  const { revision, hash } = position
  return { hash, snapshot: await Snapshot.loadWritten(revision, merged(threads), { seed, pause }) }
}

async function commonPosition(threads: readonly ReadingThread[]): Promise<FeedPosition | undefined> {
  for (let beginning = 0; beginning < BEGINNINGS_MAX; beginning += 1) {
    for (const thread of threads) thread.ask('begin')
    const [first, ...others] = await Promise.all(threads.map((thread) => thread.position()))
    if (first !== undefined && others.every((other) => isSameFeedPosition(first, other))) return first
  }
  return undefined
}

async function* merged(threads: readonly ReadingThread[]): AsyncGenerator<WrittenBatch> {
  const open = new Map(threads.map((thread) => [thread, next(thread)]))
  while (open.size > 0) {
    const { thread, batch } = await Promise.race(open.values())
    open.delete(thread)
    if (batch === undefined) continue
    yield batch
    // Asked for only now: if the loading ends here, nothing waits for a batch that fails to come.
    open.set(thread, next(thread))
  }
}

async function next(
  thread: ReadingThread,
): Promise<{ thread: ReadingThread; batch: WrittenBatch | undefined }> {
  return { thread, batch: await thread.batch() }
}

class ReadingThread implements AsyncDisposable {
  readonly #thread: Worker
  readonly #messages: ReadingMessage[] = []
  #failure: Error | undefined
  #arrived = Promise.withResolvers<void>()

  constructor(order: ReadingOrder) {
    // Flags of this process are not for the thread: a preloaded module would run there again.
    this.#thread = new Worker(new URL('../snapshot-thread-program.ts', import.meta.url), {
      workerData: order,
      execArgv: [],
    })
    this.#thread.on('message', (message: ReadingMessage) => {
      this.#messages.push(message)
      this.#arrived.resolve()
    })
    this.#thread.on('error', (error: Error) => this.#fail(error))
    this.#thread.on('exit', () => this.#fail(new Error('A thread that reads the database has ended.')))
  }

  ask(request: ReadingRequest): void {
    this.#thread.postMessage(request)
  }

  /** What its transaction sees. */
  async position(): Promise<FeedPosition> {
    const message = await this.#next()
    if (message === 'end' || !('position' in message))
      throw new Error('A thread has read before it was asked.')
    return message.position
  }

  /** What it has read next; undefined at the end. */
  async batch(): Promise<WrittenBatch | undefined> {
    const message = await this.#next()
    if (message === 'end') return undefined
    if (!('batch' in message)) throw new Error('A thread has begun again while it read.')
    return message.batch
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }

  async #next(): Promise<Exclude<ReadingMessage, { readonly error: string }>> {
    for (;;) {
      const message = this.#messages.shift()
      if (message !== undefined) {
        if (message !== 'end' && 'error' in message) throw new Error(message.error)
        return message
      }
      if (this.#failure !== undefined) throw this.#failure
      await this.#arrived.promise
      this.#arrived = Promise.withResolvers<void>()
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#arrived.resolve()
  }
}
