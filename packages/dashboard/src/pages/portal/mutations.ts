import type { CreatePortalKeyInput, Portal, RollPortalKeyInput } from '@sallyport/sdk'
import { useMutation } from '@tanstack/react-query'
import { useChange, WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport, sallyportOnce } from '../../data/sallyport.ts'
import { useToldChange } from '../../parts/messages/use-told-change.ts'
import { t } from '../../texts/texts.ts'
import { keyQuery } from './queries.ts'
import { beginHere, endHere, PORTAL } from './session/portal-client.ts'

interface Named {
  readonly id: string
  readonly name: string
}

const OF_KEYS = ['keys', 'key']

/** Opens a link, once. */
export function useOpen(onOpened: (portal: Portal) => void) {
  return useMutation({
    mutationFn: async (secret: string) => await sallyportOnce.openPortalSession({ secret }),
    onSuccess: (portal) => {
      beginHere(portal)
      onOpened(portal)
    },
  })
}

export function useLeave() {
  return useMutation({
    mutationFn: async () => await sallyport.leavePortal(),
    onSuccess: () => endHere(null),
  })
}

export function useCreateKey() {
  return useChange(
    PORTAL,
    OF_KEYS,
    async (input: CreatePortalKeyInput) => await sallyport.createPortalKey(input),
  )
}

export function useRollKey() {
  return useChange(
    PORTAL,
    OF_KEYS,
    async (input: RollPortalKeyInput) => await sallyport.rollPortalKey({ ...input, wait: WAIT_SECONDS }),
  )
}

export function useFinishRoll() {
  return useToldChange(PORTAL, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.finishPortalRoll({ key: id, wait: WAIT_SECONDS })
    return t.keys.roll.finished(name)
  })
}

export function useUndoRoll() {
  return useToldChange(PORTAL, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.undoPortalRoll({ key: id, wait: WAIT_SECONDS })
    return t.keys.roll.undone(name)
  })
}

export function useRevokeKey() {
  return useGuardedChange(PORTAL, {
    thing: 'key',
    query: ({ id }: Pick<Named, 'id'>) => keyQuery(id),
    kinds: OF_KEYS,
    change: async ({ id }, options) =>
      await sallyport.deletePortalKey({ key: id, wait: WAIT_SECONDS }, options),
  })
}
