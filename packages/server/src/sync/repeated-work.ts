/**
 * Does work now and then again and again, one at a time, until disposal, which waits for it.
 *
 * @param intervalMs between two starts, in ms
 * @param onFault called with what `work` throws
 */
export function repeatWork(
  work: () => Promise<void>,
  intervalMs: number,
  onFault: (cause: unknown) => void,
): AsyncDisposable {
  let running: Promise<void> | null = null
  const start = (): void => {
    // The next one does what is left.
    if (running !== null) return
    running = (async () => {
      try {
        await work()
      } catch (cause) {
        onFault(cause)
      } finally {
        running = null
      }
    })()
  }
  const timer = setInterval(start, intervalMs)
  timer.unref()
  start()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}
