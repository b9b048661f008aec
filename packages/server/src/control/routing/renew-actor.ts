import type { ControlApp } from './control-app.ts'
import type { ControlDeps } from './dependencies.ts'

/**
 * Reads the actor of a change again once the body has arrived: a caller can hold a body back for as long as a request may
 * take.
 */
export function renewActor(app: ControlApp, { store, nowMs }: Pick<ControlDeps, 'store' | 'nowMs'>): void {
  app.addHook('preValidation', async ({ actor, method }) => {
    if (method !== 'GET' && method !== 'HEAD') await actor?.renew?.(store.read, nowMs())
  })
}
