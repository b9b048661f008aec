import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import type { CreateIssuerInput } from '@sallyport/sdk'
import { useState } from 'react'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import layout from '../../../parts/layers/form.module.css'
import { t } from '../../../texts/texts.ts'
import { useCreateIssuer } from '../mutations.ts'
import { jwkSetOf } from './jwk-set.ts'

interface CreateIssuerProps {
  readonly organization: string
  readonly environment: string
  readonly onClose: () => void
}

const SOURCES = ['url', 'jwks'] as const

/** Makes an environment accept the JWTs of another issuer. */
export function CreateIssuer({ organization, environment, onClose }: CreateIssuerProps) {
  const create = useCreateIssuer(organization)
  const [issuer, setIssuer] = useState('')
  const [audience, setAudience] = useState('')
  const [source, setSource] = useState<(typeof SOURCES)[number]>('url')
  const [url, setUrl] = useState('')
  const [pasted, setPasted] = useState('')
  const words = t.environments.issuers
  const values = audience.split(/\s+/).filter((value) => value !== '')
  const jwks = jwkSetOf(pasted)
  const keys: Pick<CreateIssuerInput, 'jwksUrl' | 'jwks'> = source === 'url' ? { jwksUrl: url } : { jwks }
  const hasKeys = source === 'url' ? url !== '' : jwks !== undefined
  return (
    <FormDialog
      title={words.addTitle(environment)}
      submit={words.submit}
      effect={words.effect}
      missing={[issuer === '' && words.issuer, values.length === 0 && words.audience, !hasKeys && words.keys]}
      isPending={create.isPending}
      error={create.error}
      onSubmit={() =>
        create.mutate({ environment, issuer, audience: values, ...keys }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={words.issuer}
        description={words.issuerHint}
        autoComplete="off"
        spellCheck={false}
        required
        value={issuer}
        onChange={({ currentTarget }) => setIssuer(currentTarget.value)}
      />
      <Textarea
        label={words.audience}
        description={words.audienceHint}
        autosize
        minRows={1}
        maxRows={4}
        spellCheck={false}
        required
        value={audience}
        onChange={({ currentTarget }) => setAudience(currentTarget.value)}
      />
      <fieldset className={layout.field}>
        <legend>{words.keys}</legend>
        <SegmentedControl
          value={source}
          data={SOURCES.map((value) => ({ value, label: words.sources[value] }))}
          onChange={setSource}
        />
      </fieldset>
      {source === 'url' ? (
        <TextInput
          label={words.url}
          description={words.urlHint}
          type="url"
          autoComplete="off"
          spellCheck={false}
          required
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
      ) : (
        <Textarea
          label={words.jwks}
          description={words.jwksHint}
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          required
          error={pasted !== '' && jwks === undefined ? words.notJson : undefined}
          value={pasted}
          onChange={({ currentTarget }) => setPasted(currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}
