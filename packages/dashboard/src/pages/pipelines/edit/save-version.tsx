import { Button, TextInput } from '@mantine/core'
import { t } from '../../../texts/texts.ts'
import type { useSaveVersion } from '../data/mutations.ts'
import { nextVersion } from '../spec/next-version.ts'
import { commentProblem } from './problems.ts'
import classes from './spec-tab.module.css'
import type { Draft } from './use-draft.ts'

/** The most characters of a comment. */
const COMMENT_CHARS_MAX = 1024

interface SaveVersionProps {
  /** The newest version. */
  readonly newest: string
  readonly draft: Draft
  readonly save: ReturnType<typeof useSaveVersion>
  readonly saveAs: (bump: 'minor' | 'major') => void
}

/** Below a changed spec: what to say about the version that it becomes, and the buttons that save it. */
export function SaveVersion({ newest, draft, save, saveAs }: SaveVersionProps) {
  const { comment, saveHint, save: saveWord, spec } = t.pipeline
  const [minor, major] = [nextVersion(newest, 'minor'), nextVersion(newest, 'major')]
  return (
    <div className={classes.foot}>
      <TextInput
        className={classes.comment}
        label={comment.label}
        description={comment.hint}
        autoComplete="off"
        maxLength={COMMENT_CHARS_MAX}
        value={draft.comment}
        error={commentProblem(save.error)}
        onChange={({ currentTarget }) => {
          save.reset()
          draft.setComment(currentTarget.value)
        }}
      />
      <p className={classes.hint}>{saveHint(minor, major)}</p>
      <Button
        size="xs"
        onClick={() => {
          save.reset()
          draft.discard()
        }}
      >
        {spec.discard}
      </Button>
      <Button size="xs" loading={save.isPending} onClick={() => saveAs('major')}>
        {saveWord(major)}
      </Button>
      <Button size="xs" variant="filled" loading={save.isPending} onClick={() => saveAs('minor')}>
        {saveWord(minor)}
      </Button>
    </div>
  )
}
