import { TextInput } from '@mantine/core'
import type { Organization } from '@sallyport/sdk'
import { useState } from 'react'
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

function IdentityForm({ shown }: Pick<IdentityProps, 'shown'>) {
  const update = useUpdateOrganization(shown.slug)
  const [typed, setTyped] = useState<Partial<Values>>({})
  const { identity } = t.organization
  const values: Values = {
    name: typed.name ?? shown.name,
    color: typed.color === undefined ? shown.color : typed.color,
  }
  const name = values.name.trim()
  const isChanged = name !== shown.name || values.color !== shown.color
  const fault = name === '' ? identity.nameless : undefined
  const reset = (): void => {
    setTyped({})
    update.reset()
  }
  const save = (): void => {
    if (!isChanged || fault !== undefined || update.isPending) return
    const input = {
      ...(name !== shown.name && { name }),
      ...(values.color !== shown.color && { color: values.color }),
      words: identity.saved(name),
    }
    update.mutate(input, { onSuccess: () => setTyped({}) })
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
        onChange={({ currentTarget }) => setTyped({ ...typed, name: currentTarget.value })}
      />
      <ColorChoice
        name={values.name}
        value={values.color}
        onChange={(color) => setTyped({ ...typed, color })}
      />
      <Preview {...values} />
      {update.error !== null && <Failure error={update.error} retry={save} />}
      <SaveBar
        isChanged={isChanged}
        fault={fault}
        isPending={update.isPending}
        effect={identity.effect}
        onReset={reset}
      />
    </form>
  )
}
