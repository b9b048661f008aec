/** A message from a target process to the benchmark. */
export type TargetMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'cpu'; readonly micros: number }
  | { readonly kind: 'report'; readonly report: unknown }

/** Reports that the server listens, then responds to each message with the CPU time so far; exits with the benchmark. */
export function serveParent(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    send({ kind: 'cpu', micros: user + system })
  })
  process.on('disconnect', () => process.exit())
  send({ kind: 'ready', port })
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
