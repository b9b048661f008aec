import { isConfirmed, Problem } from '@sallyport/core'
import type { OperationContext } from './context.ts'

/**
 * Requires that a person confirmed who they are within the last minutes, for an act that cannot be undone: an open
 * browser must not be enough. Keys cannot confirm anything, so they need not.
 *
 * @throws Problem `step_up_required`
 */
export function requireStepUp({ actor, nowMs }: Pick<OperationContext, 'actor' | 'nowMs'>): void {
  if (actor.kind !== 'member') return
  if (!isConfirmed(actor.confirmedAtMs ?? 0, nowMs())) throw new Problem('step_up_required')
  actor.record?.({ kind: 'step-up' })
}
