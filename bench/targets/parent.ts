/** A message from a target process to the benchmark. */
export type TargetMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'cpu'; readonly micros: number }
  | { readonly kind: 'report'; readonly report: unknown }

/** Reports that the server listens, then answers the parent. */
export function serveParent(port: number): void {
  answerParent()
  send({ kind: 'ready', port })
}

/** Responds to each message with the CPU time of all threads so far; exits with the benchmark. */
export function answerParent(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    send({ kind: 'cpu', micros: user + system })
  })
  process.on('disconnect', () => process.exit())
}

/** Sends the measurements of this process, which exits when the benchmark disconnects. */
export function reportToParent(report: unknown): void {
  process.on('disconnect', () => process.exit())
  send({ kind: 'report', report })
}

function send(message: TargetMessage): void {
  if (process.send === undefined) throw new Error('targets must be started by the benchmark: npm run bench')
  process.send(message)
}
