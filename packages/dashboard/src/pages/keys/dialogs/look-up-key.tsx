import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { FormDialog } from '../../../parts/layers/form-dialog.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { Absent } from '../../../parts/absent.tsx'
import { t } from '../../../texts/texts.ts'
import { KeyState } from '../key-words.tsx'
import { useLookUp } from '../mutations.ts'

interface LookUpKeyProps {
  readonly organization: string
  /** @param found the id of the key to open, if it was found */
  readonly onClose: (found?: string) => void
}

/** Whose key a token is, and why it would be refused. */
export function LookUpKey({ organization, onClose }: LookUpKeyProps) {
  const lookUp = useLookUp(organization)
  const [token, setToken] = useState('')
  const { lookUp: words, panel } = t.keys
  const { data: found } = lookUp
  return (
    <FormDialog
      title={words.title}
      submit={found === undefined ? words.submit : words.open}
      missing={[token.trim() === '' && words.token]}
      isPending={lookUp.isPending}
      error={lookUp.error}
      onSubmit={() => {
        if (found === undefined) lookUp.mutate(token.trim())
        else onClose(found.key.id)
      }}
      onClose={() => onClose()}
    >
      <PasswordInput
        data-autofocus
        label={words.token}
        description={words.hint}
        autoComplete="off"
        required
        value={token}
        onChange={({ currentTarget }) => {
          setToken(currentTarget.value)
          lookUp.reset()
        }}
      />
      {found !== undefined && (
        <div role="status">
          <Facts>
            <Fact name={words.name}>{found.key.name}</Fact>
            <Fact name={words.id}>
              <CopyableId value={found.key.id} />
            </Fact>
            <Fact name={panel.consumer}>
              {found.key.consumerName ?? found.key.consumer ?? <Absent>{words.organization}</Absent>}
            </Fact>
            <Fact name={panel.environment}>
              {found.key.environment ?? <Absent>{panel.everyEnvironment}</Absent>}
            </Fact>
            <Fact name={words.state}>
              <KeyState state={found.state} />
            </Fact>
          </Facts>
          {found.code === null ? (
            <Note tone="ok" title={words.works} />
          ) : (
            <Note tone="warn" title={words.refused(found.code)}>
              {(t.refusals[found.code] ?? t.ownRefusal).why}
            </Note>
          )}
        </div>
      )}
    </FormDialog>
  )
}
