import { Button, TextInput } from '@mantine/core'
import type { Role } from '@sallyport/sdk'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { covers } from '../../../data/permissions.ts'
import type { Grant } from '../../../data/grants.ts'
import { listField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { WhyNot, whyNotReady } from '../../../parts/layers/why-not.tsx'
import { placeOf } from '../../../parts/roles/role-words.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useCreateRole, useUpdateRole } from '../mutations.ts'
import { Changes } from './changes.tsx'
import { difference, has, limitedOf, withGrant, without } from './grants.ts'
import { LimitedGrants } from './limited-grants.tsx'
import { Matrix } from './matrix.tsx'
import classes from './role-editor.module.css'

interface RoleEditorProps {
  readonly organization: string
  readonly environments: readonly string[]
  /** Left out for a new one. */
  readonly role?: Role
}

interface RoleValues {
  readonly grants: readonly Grant[]
}

function valuesOf(role: Role | null): RoleValues {
  // What the server answers is what it takes.
  return { grants: (role?.permissions ?? []) as readonly Grant[] }
}

const FIELDS = {
  grants: listField<Grant>(t.rolePages.edit.matrix, (grant) => `${grant.permission} (${placeOf(grant)})`),
}

/** What a role permits, beside what saving it would change. */
export function RoleEditor({ organization, environments, role }: RoleEditorProps) {
  const { edit } = t.rolePages
  const { facts } = usePlace()
  const navigate = useNavigate()
  const create = useCreateRole(organization)
  const update = useUpdateRole(organization)
  const saving = role === undefined ? create : update
  const [name, setName] = useState(role?.name ?? '')
  const edited = useEdit<Role, RoleValues>({
    shown: role ?? null,
    valuesOf,
    fields: FIELDS,
    saving,
    save(values, seen) {
      const input = { name, permissions: values.grants }
      if (seen === null) create.mutate(input, { onSuccess: toRole })
      else update.mutate({ ...input, seen }, { onSuccess: toRole })
    },
  })
  const toRole = (): void =>
    void navigate({
      to: '/organizations/$organization/roles',
      params: { organization },
      search: { role: name },
    })
  const before = edited.before.grants
  const { grants } = edited.values
  const changes = difference(before, grants)
  const missing = [name === '' && edit.name, grants.length === 0 && edit.matrix]
  const whyNot = whyNotReady(missing, !edited.isChanged, edited.overtaken)
  const isReady = whyNot === undefined
  const hasItself = role !== undefined && facts.roles.includes(role.name)
  // What the role has may be put back, also by those who do not have it.
  const mayGive = (grant: Grant): boolean =>
    has(before, grant) || (!hasItself && covers(facts.permissions, grant))
  const add = (grant: Grant): void => edited.set({ grants: withGrant(grants, grant) })
  const remove = (grant: Grant): void => edited.set({ grants: without(grants, grant) })
  const submit = (): void => {
    if (isReady && !saving.isPending) edited.save()
  }
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className={classes.main}>
        {role === undefined && (
          <TextInput
            className={classes.name}
            label={edit.name}
            description={edit.nameHint}
            pattern="[a-z][a-z0-9\-]{1,38}"
            autoComplete="off"
            spellCheck={false}
            required
            autoFocus
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        )}
        <section aria-label={edit.matrix}>
          <h2 className={classes.heading}>{edit.matrix}</h2>
          <p className={text.meta}>{hasItself ? edit.ownRole : edit.matrixHint}</p>
          <Matrix
            environments={environments}
            grants={grants}
            mayGive={mayGive}
            onAdd={add}
            onRemove={remove}
          />
        </section>
        <LimitedGrants
          organization={organization}
          environments={environments}
          grants={limitedOf(grants)}
          mayGive={mayGive}
          onAdd={add}
          onRemove={remove}
        />
      </div>
      <aside className={classes.side} aria-label={edit.changes}>
        <div className={classes.buttons}>
          <Button
            renderRoot={(props) => (
              <Link
                {...props}
                to="/organizations/$organization/roles"
                params={{ organization }}
                search={role === undefined ? {} : { role: role.name }}
              />
            )}
          >
            {t.parts.cancel}
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={saving.isPending}
            aria-disabled={!isReady || undefined}
            aria-describedby={isReady ? undefined : 'save-role-why'}
          >
            {role === undefined ? edit.submitNew : edit.submit}
          </Button>
          {!isReady && <WhyNot id="save-role-why">{whyNot}</WhyNot>}
        </div>
        {saving.error !== null && (
          <Failure error={saving.error} retry={submit} overtaken={edited.overtaken} />
        )}
        <Changes changes={changes} holders={role?.holderCount} />
      </aside>
    </form>
  )
}
