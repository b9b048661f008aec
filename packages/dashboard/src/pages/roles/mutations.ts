import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Grant } from '../../data/grants.ts'
import { WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

/** A change of a role; afterwards, what the pages show of roles is read again. */
function useRoleChange<Input, Output>(
  organization: string,
  change: (input: Input) => Promise<Output>,
  kinds: readonly string[] = ['roles', 'role', 'permits'],
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
    },
  })
}

interface RoleInput {
  readonly name: string
  readonly permissions: readonly Grant[]
}

export function useCreateRole(organization: string) {
  return useRoleChange(organization, async ({ name, permissions }: RoleInput) => {
    await sallyport.createRole({ organization, name, permissions })
    say(t.rolePages.edit.createdDone(name))
  })
}

export function useUpdateRole(organization: string) {
  return useRoleChange(organization, async ({ name, permissions }: RoleInput) => {
    const { receipt } = await sallyport.updateRole({
      organization,
      role: name,
      permissions,
      wait: WAIT_SECONDS,
    })
    say(t.rolePages.edit.saved(name, t.receipt.on(receipt)))
  })
}

/** Removes a role. Its details stay as they were, until they are closed. */
export function useRemoveRole(organization: string) {
  return useRoleChange(
    organization,
    async (role: string) => await sallyport.removeRole({ organization, role, wait: WAIT_SECONDS }),
    ['roles', 'permits'],
  )
}
