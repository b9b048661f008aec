import type { Organization } from '@sallyport/sdk'
import { WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { organizationQuery } from '../organization/queries.ts'

/** What happens when the secret of a key is found in public. */
export type Reaction = Pick<Organization, 'onLeak'>

/** Sets what happens when the secret of a key is found in public. */
export function useSetReaction(organization: string) {
  return useGuardedChange(organization, {
    thing: 'organization',
    query: (_reaction: Reaction) => organizationQuery(organization),
    members: ['onLeak'],
    kinds: ['organization'],
    async change({ onLeak }, options) {
      await sallyport.updateOrganization({ organization, onLeak, wait: WAIT_SECONDS }, options)
      say(t.leaks.reaction.done[onLeak])
    },
  })
}
