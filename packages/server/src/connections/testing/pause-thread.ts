/** Pauses this thread, as a busy machine does: meanwhile nothing is read, and no timer fires. */
export function pauseThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
