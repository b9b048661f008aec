import type { SmtpConfig } from '../../config/config.ts'
import { createLogger } from '../../telemetry/logger.ts'
import { Registry } from 'prom-client'
import type { Mail } from '../mail.ts'
import { Outbox, type OutboxDeps } from '../outbox.ts'

export const MAIL: Mail = {
  kind: 'notice',
  to: 'rosa@example.com',
  subject: 'Your password was changed',
  text: 'Hello.\n',
  organization: null,
}

/** An outbox that sends to a server of the test. */
export interface TestOutbox extends AsyncDisposable {
  readonly outbox: Outbox
  /** The records of the log. */
  records(): readonly Record<string, unknown>[]
  /** The complete log. */
  log(): string
  /** How many mails had an outcome. */
  count(outcome: string): Promise<number>
}

/** Fails attempts that take longer than this: no server of a test is slow, except those that never answer. */
const ATTEMPT_MS_MAX = 5000

export function openTestOutbox(smtp: Partial<SmtpConfig>, deps: Partial<OutboxDeps> = {}): TestOutbox {
  let log = ''
  const registry = new Registry()
  const outbox = new Outbox({
    smtp: { host: '127.0.0.1', port: 0, encryption: 'starttls', isLocal: true, credentials: null, ...smtp },
    from: { name: 'Sallyport', address: 'sallyport@example.com' },
    logger: createLogger('debug', { write: (line) => void (log += line) }),
    monotonicMs: () => performance.now(),
    registry,
    pausesMs: [1, 1],
    attemptMsMax: ATTEMPT_MS_MAX,
    ...deps,
  })
  return {
    outbox,
    log: () => log,
    records: () =>
      log
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async count(outcome) {
      const [, value = ''] = new RegExp(`outcome="${outcome}"} (\\d+)`).exec(await registry.metrics()) ?? []
      return Number(value)
    },
    [Symbol.asyncDispose]: async () => {
      await outbox[Symbol.asyncDispose]()
    },
  }
}
