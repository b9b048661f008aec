import type { IncomingMessage } from 'node:http'

/** What is known of a body in chunks. `late` if neither its first byte nor its end has arrived in time. */
export type FirstOfBody = 'empty' | 'content' | 'late'

/** Waits until it is known whether a body in chunks has any content. */
export function firstOfBody(request: IncomingMessage, waitMs: number): Promise<FirstOfBody> {
  const { promise, resolve } = Promise.withResolvers<FirstOfBody>()
  const finish = (first: FirstOfBody): void => {
    clearTimeout(timer)
    request.off('readable', look)
    request.off('end', onEnd)
    request.off('close', onClose)
    resolve(first)
  }
  const onEnd = (): void => finish('empty')
  const onClose = (): void => finish('content')
  const look = (): void => {
    const chunk = request.read() as Buffer | null
    if (chunk === null) return
    request.unshift(chunk)
    finish('content')
  }
  const timer = setTimeout(() => finish('late'), waitMs)
  request.on('readable', look)
  request.on('end', onEnd)
  // A caller that has left gets no answer, whatever it is.
  request.on('close', onClose)
  return promise
}
