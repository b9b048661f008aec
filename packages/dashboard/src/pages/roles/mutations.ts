import { WAIT_SECONDS, useChange } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import type { Grant } from '../../data/grants.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { roleQuery } from './queries.ts'

interface RoleInput {
  readonly name: string
  readonly permissions: readonly Grant[]
}

const KINDS = ['roles', 'role', 'permits']

export function useCreateRole(organization: string) {
  return useChange(organization, KINDS, async ({ name, permissions }: RoleInput) => {
    await sallyport.createRole({ organization, name, permissions })
    say(t.rolePages.edit.createdDone(name))
  })
}

export function useUpdateRole(organization: string) {
  return useGuardedChange(organization, {
    thing: 'role',
    query: ({ name }: RoleInput) => roleQuery(organization, name),
    kinds: KINDS,
    async change({ name, permissions }, options) {
      const input = { organization, role: name, permissions, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateRole(input, options)
      say(t.rolePages.edit.saved(name, t.receipt.on(receipt)))
    },
  })
}

/** Removes a role. Its details stay as they were, until they are closed. */
export function useRemoveRole(organization: string) {
  return useGuardedChange(organization, {
    thing: 'role',
    query: ({ name }: Pick<RoleInput, 'name'>) => roleQuery(organization, name),
    kinds: ['roles', 'permits'],
    change: async ({ name }, options) =>
      await sallyport.removeRole({ organization, role: name, wait: WAIT_SECONDS }, options),
  })
}
