import { Button, PasswordInput, TextInput } from '@mantine/core'
import type { SetUpInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery, setupQuery } from '../../data/session.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import { OwnerKey } from './owner-key.tsx'
import { shortName } from './short-name.ts'
import classes from './set-up-page.module.css'

interface Founder {
  readonly email: string
  readonly password: string
  readonly name: string
}

type Founding = Omit<SetUpInput, 'owner'> & { readonly owner: Founder }

/** The first page of a new server: its first organization, and the person who owns it and is signed in at once. */
export function SetUpPage() {
  const queries = useQueryClient()
  const router = useRouter()
  const [suggested, setSuggested] = useState('')
  /** What was typed instead. */
  const [slug, setSlug] = useState<string>()
  const found = useMutation({
    mutationFn: async (input: Founding) => {
      const made = await sallyport.setUp(input)
      const { email, password } = input.owner
      await sallyport.signIn({ email, password })
      return { name: made.organization.name, token: made.token }
    },
  })
  const goOn = async (): Promise<void> => {
    found.reset()
    queries.setQueryData(setupQuery.queryKey, { done: true })
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
    await router.navigate({ to: '/' })
  }
  if (found.data !== undefined)
    return <OwnerKey name={found.data.name} token={found.data.token} onGoOn={() => void goOn()} />
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const text = (name: string): string => formText(form, name)
    found.mutate({
      setupToken: text('token'),
      organization: { slug: text('slug'), name: text('name') },
      owner: { name: text('ownerName'), email: text('email'), password: text('password') },
    })
  }
  return (
    <Alone title={t.setUp.title}>
      <h1>{t.setUp.title}</h1>
      <p>{t.setUp.lead}</p>
      <form className={classes.form} onSubmit={submit}>
        <PasswordInput
          name="token"
          label={t.setUp.token}
          description={t.setUp.tokenHint}
          autoComplete="off"
          required
          autoFocus
        />
        <fieldset className={classes.group}>
          <legend>{t.setUp.organization}</legend>
          <TextInput
            name="name"
            label={t.setUp.name}
            autoComplete="organization"
            required
            onChange={({ currentTarget }) => setSuggested(shortName(currentTarget.value))}
          />
          <TextInput
            name="slug"
            label={t.setUp.slug}
            description={t.setUp.slugHint}
            pattern="[a-z][a-z0-9\-]{1,38}"
            autoComplete="off"
            required
            value={slug ?? suggested}
            onChange={({ currentTarget }) => setSlug(currentTarget.value)}
          />
        </fieldset>
        <fieldset className={classes.group}>
          <legend>{t.setUp.owner}</legend>
          <TextInput name="ownerName" label={t.setUp.ownerName} autoComplete="name" required />
          <TextInput name="email" type="email" label={t.setUp.email} autoComplete="username" required />
          <PasswordInput
            name="password"
            label={t.setUp.password}
            description={t.setUp.passwordHint}
            autoComplete="new-password"
            required
          />
        </fieldset>
        {found.error !== null && <Failure error={found.error} />}
        <Button type="submit" variant="filled" loading={found.isPending}>
          {t.setUp.submit}
        </Button>
      </form>
    </Alone>
  )
}
