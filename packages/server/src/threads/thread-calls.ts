import { createBirpc, type BirpcReturn } from 'birpc'
import { receivedError, sentError, type SentError } from './thread-errors.ts'

/** The end of a channel between two threads; both `Worker` and `MessagePort` are one. */
export interface ThreadPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

/** The member of birpc's response that contains an error. */
interface Message {
  readonly e?: unknown
}

/**
 * Lets two threads call each other's functions. Arguments and results are copied (structured clone), and so are errors: a
 * Problem arrives as a Problem. Calls arrive in their order.
 *
 * @param functions those that the other thread may call
 */
export function callsOver<Remote extends object, Local extends object>(
  port: ThreadPort,
  functions: Local,
): BirpcReturn<Remote, Local> {
  return createBirpc<Remote, Local>(functions, {
    post: (message: unknown) => port.postMessage(message),
    on: (listener) => void port.on('message', listener),
    serialize: (message: Message) => ('e' in message ? { ...message, e: sentError(message.e) } : message),
    deserialize: (message: Message) =>
      'e' in message ? { ...message, e: receivedError(message.e as SentError) } : message,
    bind: 'functions',
    // Each function limits its own time. A thread that ends unexpectedly ends the process.
    timeout: -1,
  })
}
