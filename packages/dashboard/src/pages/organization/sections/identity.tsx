import { TextInput } from '@mantine/core'
import type { Organization } from '@sallyport/sdk'
import { valueField } from '../../../parts/edits/fields.ts'
import { useEdit } from '../../../parts/edits/use-edit.ts'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Id } from '../../../parts/id.tsx'
import { Section } from '../../../parts/settings/section.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { useUpdateOrganization } from '../mutations.ts'
import { ColorChoice } from './color-choice.tsx'
import { Preview } from './preview.tsx'
import { SaveBar } from './save-bar.tsx'
import classes from './sections.module.css'

type Values = Pick<Organization, 'name' | 'color'>

interface IdentityProps {
  readonly shown: Organization
  readonly mayChange: boolean
}

/** By what people recognize the organization. */
export function Identity({ shown, mayChange }: IdentityProps) {
  const { title, lead, slug, slugHint, created, name, color, colors, noColor } = t.organization.identity
  return (
    <Section title={title} lead={lead}>
      <Facts>
        <Fact name={slug}>
          <Id>{shown.slug}</Id> <span className={text.meta}>{slugHint}</span>
        </Fact>
        <Fact name={created}>
          <When at={shown.createdAt} as="day" />
        </Fact>
        {!mayChange && (
          <>
            <Fact name={name}>{shown.name}</Fact>
            <Fact name={color}>{shown.color === null ? noColor : colors[shown.color]}</Fact>
          </>
        )}
      </Facts>
      {mayChange ? <IdentityForm shown={shown} /> : <Preview {...shown} />}
    </Section>
  )
}

function valuesOf(organization: Organization | null): Values {
  return { name: organization?.name ?? '', color: organization?.color ?? null }
}

const { identity } = t.organization

const FIELDS = {
  name: valueField<string>(
    identity.name,
    (name) => name.trim(),
    (name) => name.trim(),
  ),
  color: valueField<Values['color']>(identity.color, (color) =>
    color === null ? identity.noColor : identity.colors[color],
  ),
}

function IdentityForm({ shown }: Pick<IdentityProps, 'shown'>) {
  const update = useUpdateOrganization(shown.slug)
  const edit = useEdit<Organization, Values>({
    shown,
    valuesOf,
    fields: FIELDS,
    saving: update,
    save({ name: typed, color }, seen) {
      const before = valuesOf(seen)
      const name = typed.trim()
      const input = {
        ...(name !== before.name && { name }),
        ...(color !== before.color && { color }),
        words: identity.saved(name),
      }
      update.mutate({ ...input, seen }, { onSuccess: edit.discard })
    },
    opensWith: 'first-change',
  })
  const { values, isChanged } = edit
  const nameless = values.name.trim() === '' ? identity.nameless : undefined
  const fault = edit.overtaken === undefined ? nameless : t.overtaken.choose
  const save = (): void => {
    if (isChanged && fault === undefined && !update.isPending) edit.save()
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <TextInput
        label={identity.name}
        autoComplete="off"
        value={values.name}
        onChange={({ currentTarget }) => edit.set({ name: currentTarget.value })}
      />
      <ColorChoice name={values.name} value={values.color} onChange={(color) => edit.set({ color })} />
      <Preview {...values} />
      {update.error !== null && <Failure error={update.error} retry={save} overtaken={edit.overtaken} />}
      <SaveBar
        isChanged={isChanged}
        fault={fault}
        isPending={update.isPending}
        effect={identity.effect}
        onReset={edit.discard}
      />
    </form>
  )
}
