import { type Command, Option } from 'commander'
import { UsageError } from '../terminal/failure.ts'
import type { OperationFields } from '../operations/operation-fields.ts'

const SECONDS_DEFAULT = 60

/**
 * How long a command waits until its change is in force: undefined for as long as the server does unless asked, false for not
 * at all, or how many seconds it follows the change.
 */
export type Wait = number | false | undefined

/** Whether the operation is a change of which gateways are told. */
export function canWait({ query }: OperationFields): boolean {
  return query.some(({ name }) => name === 'wait')
}

export function addWait(command: Command): void {
  command.addOption(
    new Option(
      '--wait [seconds]',
      `Follow the change until every gateway decides by it, and fail if one does not after so many seconds (${SECONDS_DEFAULT} unless given)`,
    ),
  )
  command.addOption(new Option('--no-wait', 'Do not wait for any gateway'))
}

/** @throws UsageError */
export function givenWait(command: Command): Wait {
  const { wait } = command.opts<{ readonly wait?: string | boolean }>()
  if (wait === true) return SECONDS_DEFAULT
  if (typeof wait !== 'string') return wait
  if (!/^\d{1,6}$/.test(wait))
    throw new UsageError(
      `--wait: Use a number of seconds, not ${JSON.stringify(wait)}. Without a number, put --wait at the end.`,
    )
  return Number(wait)
}
