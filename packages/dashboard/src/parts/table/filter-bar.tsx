import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { t } from '../../texts/texts.ts'
import classes from './filter-bar.module.css'
import { Icon } from '../icon.tsx'

/** One filter of a list: what it is about, and its values in words. */
export interface Filter {
  readonly name: string
  readonly word: string
  readonly choices: readonly { readonly value: string; readonly word: string }[]
  /** Undefined while it does not filter. */
  readonly value: string | undefined
}

interface FilterBarProps {
  /** Left out for a list that only its filters narrow. */
  readonly search?: { readonly label: string; readonly hint: string; readonly value: string | undefined }
  readonly onSearch?: (text: string | undefined) => void
  readonly filters: readonly Filter[]
  readonly onFilter: (name: string, value: string | undefined) => void
}

/** How long the person must stop typing before a list is read anew, in ms. */
const TYPING_MS = 200

/** The search of a list and its filters. Their values live in the URL. */
export function FilterBar({ search, onSearch, filters, onFilter }: FilterBarProps) {
  return (
    <div className={classes.bar} role="search">
      {search !== undefined && onSearch !== undefined && <Search {...search} onSearch={onSearch} />}
      {filters.map((filter) => (
        <Chip key={filter.name} filter={filter} onChoose={(value) => onFilter(filter.name, value)} />
      ))}
    </div>
  )
}

interface SearchProps {
  readonly label: string
  readonly hint: string
  readonly value: string | undefined
  readonly onSearch: (text: string | undefined) => void
}

function Search({ label, hint, value = '', onSearch }: SearchProps) {
  /** What is being typed; null when the text of the URL stands there. */
  const [draft, setDraft] = useState<string | null>(null)
  const send = useDebouncedCallback(
    (next: string) => onSearch(next.trim() === '' ? undefined : next.trim()),
    TYPING_MS,
  )
  return (
    <TextInput
      className={classes.search}
      type="search"
      size="xs"
      data-search
      aria-label={label}
      placeholder={hint}
      leftSection={<Icon small name="search" />}
      value={draft ?? value}
      onBlur={() => setDraft(null)}
      onChange={({ currentTarget }) => {
        setDraft(currentTarget.value)
        send(currentTarget.value)
      }}
    />
  )
}

function Chip({
  filter,
  onChoose,
}: {
  readonly filter: Filter
  readonly onChoose: (value: string | undefined) => void
}) {
  const { word, choices, value } = filter
  const chosen = choices.find((choice) => choice.value === value)
  const shown = chosen?.word ?? value
  return (
    <span className={classes.chip} data-on={shown !== undefined || undefined}>
      <Menu>
        <Menu.Target>
          <button type="button" className={classes.word}>
            {word}
            {shown !== undefined && <b>{shown}</b>}
          </button>
        </Menu.Target>
        <Menu.Dropdown className={classes.menu}>
          {choices.map((choice) => (
            <Menu.Item
              key={choice.value}
              onClick={() => onChoose(choice.value)}
              rightSection={choice.value === value ? <Icon small name="check" /> : undefined}
            >
              {choice.word}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {shown !== undefined && (
        <ActionIcon
          variant="subtle"
          size="1.5rem"
          aria-label={t.parts.clearFilter(word)}
          onClick={() => onChoose(undefined)}
        >
          <Icon small name="close" />
        </ActionIcon>
      )}
    </span>
  )
}
