import type { AuditRow } from '../../store/port/audit-events.ts'
import type { World } from './world.ts'

/** The audit records of an operation in `acme`. */
export async function recordsOf(
  { store }: World,
  operate: () => Promise<unknown>,
): Promise<readonly AuditRow[]> {
  const before = (await store.read.audit.list('acme', { limit: 1000 })).items.length
  await operate()
  return (await store.read.audit.list('acme', { limit: 1000 })).items.slice(before)
}
