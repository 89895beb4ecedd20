"""A puller in steps: checked settings, versioned state, statistics of each pull."""

from __future__ import annotations

import copy
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.templates import _settings
from devocollectorsdk.templates.exceptions.exceptions import (
    InitVariablesError,
    PrePullError,
    PullError,
)
from devocollectorsdk.templates.flattening import flatten
from devocollectorsdk.templates.pull_statistics import PullStatistics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

VERSION_KEY = "@persistence_version"
PULLING_ID_KEY = "@devo_pulling_id"
_DEFAULT_STATE, _STEPS = 200, 240
_ID_MISSING = 300


class Template1CollectorPuller(CollectorPullerAbstract):
    """Runs the steps a module implements.

    Attributes:
        schemas_folder: Where the JSON Schemas are, from the working directory.
        state: The state as `pre_pull` left it; a module keeps it current.
    """

    schemas_folder = Path("schemas")
    state: dict[str, Any]

    def init_variables(
        self,
        input_config: dict[str, Any],
        input_definition: dict[str, Any],  # noqa: ARG002  (the contract)
        service_config: dict[str, Any] | None,
        service_definition: dict[str, Any],  # noqa: ARG002
        module_config: dict[str, Any],  # noqa: ARG002
        module_definition: dict[str, Any],
        submodule_config: Any,  # noqa: ARG002
    ) -> None:
        """Check the settings against the project's schemas and merge them.

        Raises:
            InitVariablesError: 0, the definition is wrong; 1, the user's settings
                are, as the line before says; 2, there is no list of limits.
        """
        metadata = self._sdk_metadata = _settings.read_metadata(module_definition)
        properties: dict[str, Any] = module_definition.get("module_properties") or {}
        user = service_config or {}
        wrong_user = InitVariablesError(
            _settings.USER_CONFIG, "the user's settings break their schema"
        )
        wrong_internal = InitVariablesError(
            _settings.INTERNAL_CONFIG, "module_properties break their schema"
        )
        for name, data, error in (
            ("internal_config", properties, wrong_internal),
            ("common_config", input_config, wrong_user),
            ("user_config", user, wrong_user),
        ):
            file = metadata.schemas[name]
            _settings.check(self.schemas_folder, file, [data], self.log_error, error)
        self.collector_variables.update(
            _settings.merged(metadata, input_config, properties, user)
        )
        self.run_custom_init_variables_validations()

    def pre_pull(self, retrieving_timestamp: datetime) -> None:
        """Load the state, bring it up to date, and save it.

        With version 0 of the state nothing is loaded or saved.

        Raises:
            PrePullError: 200, the default state breaks its schema; 240, the state
                does after upgrade, correction and reset.
        """
        version = self._sdk_metadata.persistence_version
        default = self.prepull_default_state(retrieving_timestamp)
        self._sdk_check_state(default, _DEFAULT_STATE)
        loaded = self.persistence_object.load_state() if version else None
        state = copy.deepcopy(default) if loaded is None else loaded
        for step in (
            self.prepull_persistence_upgrade_steps,
            self.prepull_persistence_corrections_steps,
            self.prepull_persistence_reset_steps,
        ):
            returned = step(
                default_state=default, state=state, retrieving_ts=retrieving_timestamp
            )
            # A step may return the state it made, or change the one it was given.
            state = state if returned is None else returned
        self._sdk_check_state(state, _STEPS)
        self.state = state
        self.prepull_build_extra_rate_limiters()
        if version:
            self.state[VERSION_KEY] = version
            self.persistence_object.save_state(self.state)

    def _sdk_check_state(self, state: dict[str, Any], code: int) -> None:
        version = self._sdk_metadata.persistence_version
        if version:
            file = self._sdk_metadata.schemas["persistence"]
            plain = {key: value for key, value in state.items() if key != VERSION_KEY}
            error = PrePullError(code, "the state breaks its schema")
            # Schemas are written with the version's key, or without it.
            _settings.check(
                self.schemas_folder,
                file,
                [plain, {**plain, VERSION_KEY: version}],
                self.log_error,
                error,
            )

    def pull(self, retrieving_timestamp: datetime) -> None:
        """Run the module's pull logic until its data is up to date."""
        pulling_id = str(int(retrieving_timestamp.timestamp() * 1000))
        self.collector_variables["retrieving_timestamp"] = retrieving_timestamp
        self.collector_variables["devo_pulling_id"] = pulling_id
        statistics = PullStatistics(self._sdk_clock)
        done = False
        while not done:
            self.execute_pull_logic(statistics)
            done = self.is_data_up_to_date()
            self.log_info(statistics.report(pulling_id, partial=not done))
            if self.is_command_in_progress():
                break

    def deliver_batch_of_messages(
        self,
        msg_date: datetime | str | float | None,
        msg_tag: str,
        list_of_messages: Sequence[Any],
        skip_devo_pulling_id_verification: bool = False,
    ) -> None:
        """Send messages with the identifier of this pull.

        Args:
            msg_date: As for `send_standard_messages`; None means now.
            msg_tag: Table.
            list_of_messages: Dicts, which get `@devo_pulling_id`, or texts, which
                hold it already.
            skip_devo_pulling_id_verification: Whether texts may lack it.

        Raises:
            PullError: 300, a text lacks the identifier.
            SdkPullerAbstractError: As for `send_standard_messages`.
        """
        pulling_id: str = self.collector_variables["devo_pulling_id"]
        messages: list[Any] = []
        for message in list_of_messages:
            if isinstance(message, dict):
                fields = cast("dict[str, Any]", message)
                messages.append({**fields, PULLING_ID_KEY: pulling_id})
                continue
            texts_checked = isinstance(message, str) and not (
                skip_devo_pulling_id_verification
            )
            if texts_checked and pulling_id not in message:
                cause = f"a text holds no {PULLING_ID_KEY}"
                self.output_queue.unsendable(cause)
                raise PullError(_ID_MISSING, cause)
            messages.append(message)
        date = self._sdk_clock.now() if msg_date is None else msg_date
        self.send_standard_messages(date, msg_tag, messages)

    @staticmethod
    def flatten_dict_key(
        target: dict[str, Any], key_route: str | Sequence[str]
    ) -> list[dict[str, Any]]:
        """Return an event for each element of a list in it; see `flatten`."""
        return flatten(target, key_route)

    def run_custom_init_variables_validations(self) -> None:
        """Check and complete `collector_variables`; raise to refuse them."""

    @abstractmethod
    def prepull_default_state(self, retrieving_ts: datetime) -> dict[str, Any]:
        """Return the state of a module that has none yet."""

    def prepull_persistence_upgrade_steps(
        self,
        default_state: dict[str, Any],  # noqa: ARG002  (the contract)
        state: dict[str, Any],
        retrieving_ts: datetime,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """Return the state in its newest form; `@persistence_version` tells its age."""
        return state

    def prepull_persistence_corrections_steps(
        self,
        default_state: dict[str, Any],  # noqa: ARG002  (the contract)
        state: dict[str, Any],
        retrieving_ts: datetime,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """Return the state with what is wrong in it put right."""
        return state

    def prepull_persistence_reset_steps(
        self,
        default_state: dict[str, Any],  # noqa: ARG002  (the contract)
        state: dict[str, Any],
        retrieving_ts: datetime,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """Return the state, or the default one where settings ask to begin anew."""
        return state

    def prepull_build_extra_rate_limiters(self) -> None:
        """Make limiters of the module's own."""

    @abstractmethod
    def execute_pull_logic(self, statistics: PullStatistics) -> None:
        """Collect a part, send it, save the state behind it, and count."""

    @abstractmethod
    def is_data_up_to_date(self) -> bool:
        """Tell whether there is nothing left to collect in this pull."""
