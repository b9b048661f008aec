import type { Organization } from '@sallyport/sdk'
import { useChange, WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

export type Reaction = Organization['onLeak']

/** Sets what happens when the secret of a key is found in public. */
export function useSetReaction(organization: string) {
  return useChange(organization, ['organization'], async (onLeak: Reaction) => {
    await sallyport.updateOrganization({ organization, onLeak, wait: WAIT_SECONDS })
    say(t.leaks.reaction.done[onLeak])
  })
}
