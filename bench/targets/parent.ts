/** What a target tells the run that started it. */
export type TargetMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'cpu'; readonly micros: number }
  | { readonly kind: 'report'; readonly report: unknown }

/** Says that the server listens, then answers each question with the CPU time used so far; ends with the run. */
export function serveParent(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    send({ kind: 'cpu', micros: user + system })
  })
  process.on('disconnect', () => process.exit())
  send({ kind: 'ready', port })
}

/** Hands over what was measured within this process, and ends it. */
export function reportToParent(report: unknown): void {
  process.on('disconnect', () => process.exit())
  send({ kind: 'report', report })
}

function send(message: TargetMessage): void {
  if (process.send === undefined) throw new Error('a target is started by the benchmark, not by itself')
  process.send(message)
}
