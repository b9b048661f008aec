import { parseArgs } from 'node:util'
import { ROLES, type Role } from '../config/role-settings.ts'
import { UsageError } from './usage-error.ts'

const USAGE = `Usage: npm start -- [--role ${ROLES.join('|')}]`

/** The role that `serve` was given; `all` unless it says otherwise. @throws UsageError */
export function roleOf(args: readonly string[]): Role {
  let role: string | undefined
  try {
    role = parseArgs({ args: [...args], options: { role: { type: 'string' } } }).values.role
  } catch (error) {
    const [what = ''] = (error as Error).message.split(/\.\s/)
    throw new UsageError(`${what}.\n${USAGE}`, { cause: error })
  }
  if (role === undefined) return 'all'
  const known = ROLES.find((one) => one === role)
  if (known === undefined) throw new UsageError(`There is no role ${JSON.stringify(role)}.\n${USAGE}`)
  return known
}
