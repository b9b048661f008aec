import { Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useState } from 'react'
import { Icon } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { usePlace } from './organization.ts'
import { type Entry, fits, fittingPages } from './palette-entries.ts'
import { foundQuery, namedQuery } from './palette-found.ts'
import classes from './palette.module.css'

/** How long the person must stop typing before the server is asked, in ms. */
const TYPING_MS = 150
/** How many pipelines and consumers are shown. */
const NAMED_MAX = 8

/** Finds anything in the organization by its name, and goes there. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { organization, facts } = usePlace()
  const navigate = useNavigate()
  const list = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const [asked] = useDebouncedValue(text.trim(), TYPING_MS)
  const { data: found = [] } = useQuery({
    ...foundQuery(facts, asked),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  })
  const { data: named = [] } = useQuery(namedQuery(facts))
  const nearby = named.filter((entry) => fits(entry, text)).slice(0, NAMED_MAX)
  const entries = [...fittingPages(facts, text), ...(text.trim() === '' ? [] : [...nearby, ...found])]
  const current = Math.min(chosen, entries.length - 1)
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    onClose()
    void navigate(entry.to(organization))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && entries.length > 0) {
      event.preventDefault()
      setChosen((current + step + entries.length) % entries.length)
    }
    if (event.key === 'Enter') run(entries[current])
  }
  return (
    <Modal.Root opened onClose={onClose} yOffset="12vh" size="36rem">
      <Modal.Overlay />
      <Modal.Content aria-label={t.shell.palette.title}>
        <div className={classes.field}>
          <Icon name="search" />
          <input
            data-autofocus
            className={classes.input}
            role="combobox"
            aria-label={t.shell.palette.title}
            aria-expanded={entries.length > 0}
            aria-controls={list}
            aria-activedescendant={entries.length === 0 ? undefined : `${list}-${current}`}
            placeholder={t.shell.palette.hint}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={({ currentTarget }) => {
              setText(currentTarget.value)
              setChosen(0)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div id={list} role="listbox" aria-label={t.shell.palette.found} className={classes.list}>
          {entries.map((entry, index) => (
            <div
              key={entry.id}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className={classes.entry}
              onMouseMove={() => setChosen(index)}
              onClick={() => run(entry)}
              onKeyDown={onKeyDown}
            >
              <Icon name={entry.icon} />
              <span className={classes.name}>{entry.name}</span>
              <span className={classes.kind}>{entry.kind}</span>
            </div>
          ))}
        </div>
        {entries.length === 0 && <p className={classes.none}>{t.shell.palette.none}</p>}
      </Modal.Content>
    </Modal.Root>
  )
}
