/**
 * The result of a promise.
 *
 * @throws Error if it takes longer than `waitMs`
 */
export async function within<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // If this process was busy, the answer may have arrived: sockets are read after timers have run.
      setImmediate(() => reject(new Error(`no answer within ${waitMs} ms`)))
    }, waitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
