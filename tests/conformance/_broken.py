"""
Adapters with exactly one defect each: the suite must catch every one of them.

Each is ToyAds with one thing done wrong, as somebody could do it by mistake. `DEFECTS`
maps its name to the class and the scenario that is there to catch it.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from types import MappingProxyType

import attrs
from smmlib_toyads import ToyAds, ToyRefusal

from smmlib.errors import NotFoundError, Outcome, PlatformError
from smmlib.model import LineItem, Managed
from smmlib.ports import Action, Kind, Ref, Remote, Result, Wanted


class CreatesActive(ToyAds):
    """
    Spends from the first second.
    """

    def _write(self, operation):
        made = super()._write(operation)
        if operation.action is Action.CREATE:
            self._service.change(self._token, made, {"status": "active"})
        return made


class SendsCreatesTwice(ToyAds):
    """
    Repeats a create, as a retry without a look would.
    """

    def _write(self, operation):
        if operation.action is Action.CREATE:
            super()._write(operation)
        return super()._write(operation)


class CreatesOnUpdate(ToyAds):
    """
    Makes a new object instead of changing the old one.
    """

    def _write(self, operation):
        if operation.action is Action.UPDATE:
            known = self.read(operation.kind, [operation.remote_id])
            if not known:
                return super()._write(operation)
            fields = {**known[operation.remote_id].fields, **operation.fields}
            create = attrs.evolve(operation, action=Action.CREATE, fields=fields)
            super()._write(create)
        return super()._write(operation)


class LosesMarkerOnRename(ToyAds):
    """
    A new name wipes out the marker in the old one.
    """

    def _write(self, operation):
        made = super()._write(operation)
        if operation.action is Action.UPDATE and operation.name:
            self._service.change(self._token, made, {"name": operation.name})
        return made


class NumbersAsIds(ToyAds):
    """
    Gives ids as numbers: JSON had them so.
    """

    def execute(self, operations):
        return tuple(
            attrs.evolve(r, remote_id=int(r.remote_id.rpartition("_")[2] or 0))
            for r in super().execute(operations)
        )


class MixesUpResults(ToyAds):
    """
    Answers in the order the answers came in.
    """

    def execute(self, operations):
        return tuple(reversed(super().execute(operations)))


class DropsResults(ToyAds):
    """
    Says nothing about what was refused.
    """

    def execute(self, operations):
        return tuple(r for r in super().execute(operations) if r.error is None)


class SwallowsErrors(ToyAds):
    """
    Calls everything a success.
    """

    def _result(self, operation):
        result = super()._result(operation)
        return attrs.evolve(result, outcome=Outcome.APPLIED, error=None)


class RaisesKeyError(ToyAds):
    """
    Lets its own insides out.
    """

    def _result(self, operation):
        if operation.remote_id and not self.read(operation.kind, [operation.remote_id]):
            raise KeyError(operation.remote_id)
        return super()._result(operation)


class LeaksToken(ToyAds):
    """
    Puts the whole request into the error.
    """

    def _ask(self, what, call, *values):
        try:
            return super()._ask(what, call, *values)
        except NotFoundError as error:
            error.operation += f"?access_token={self._token}"
            raise


class LeaksTokenInCause(ToyAds):
    """
    Hides the token in the exception behind the exception.
    """

    def _ask(self, what, call, *values):
        try:
            return super()._ask(what, call, *values)
        except NotFoundError as error:
            raise error from ToyRefusal(404, "missing", f"token {self._token}")


class ShowsToken(ToyAds):
    """
    Shows its token to whoever looks at it.
    """

    def __repr__(self):
        return f"<ToyAds token={self._token}>"


class AnonymousErrors(ToyAds):
    """
    Errors that do not say where they come from.
    """

    def _ask(self, what, call, *values):
        try:
            return super()._ask(what, call, *values)
        except PlatformError as error:
            error.platform = error.operation = ""
            raise


class _Unpicklable(NotFoundError):
    def __reduce__(self):
        raise TypeError("holds a connection")


class UnpicklableErrors(ToyAds):
    """
    Errors that hold on to a connection.
    """

    def _ask(self, what, call, *values):
        try:
            return super()._ask(what, call, *values)
        except NotFoundError as error:
            raise _Unpicklable(
                error.message, platform=error.platform, operation=error.operation
            ) from None


class WrongCurrency(ToyAds):
    """
    Reports every amount in dollars.
    """

    def metrics(self, flight):
        for row in super().metrics(flight):
            yield attrs.evolve(row, currency="USD")


class ReadsFirstPageOnly(ToyAds):
    """
    Stops after the first page of a list.
    """

    def _all(self, kind):
        page = self._ask("list", self._service.page, kind.value, 0)
        yield from (self._remote(one) for one in page)


class RelativeUpdates(ToyAds):
    """
    Adds what it should set.
    """

    def _write(self, operation):
        if operation.action is Action.UPDATE and "per_day" in operation.fields:
            known = self.read(operation.kind, [operation.remote_id])
            old = float(known[operation.remote_id].fields["per_day"])
            more = f"{old + float(operation.fields['per_day']):.2f}"
            fields = {**operation.fields, "per_day": more}
            operation = attrs.evolve(operation, fields=fields)
        return super()._write(operation)


class UpdatesForget(ToyAds):
    """
    Sends what changed as if it were everything.
    """

    def _write(self, operation):
        made = super()._write(operation)
        if operation.action is Action.UPDATE and operation.fields:
            self._service._objects[made]["fields"] = dict(operation.fields)
        return made


class ArchiveOfMissingRaises(ToyAds):
    """
    Cannot archive what is gone already.
    """

    def _result(self, operation):
        if operation.action is Action.ARCHIVE:
            self._write(operation)
        return super()._result(operation)


class FindsArchived(ToyAds):
    """
    Counts the dead among the living.
    """

    def _all(self, kind):
        everything = list(self._service._objects)
        raw = self._service.get(self._token, everything)
        yield from (self._remote(one) for one in raw if one["kind"] == kind)


class WantsSomethingElseEachTime(ToyAds):
    """
    Puts a counter into what it wants.
    """

    _times = count()

    def wanted(self, plan):
        wanted = super().wanted(plan)
        stamp = str(next(self._times))
        return Wanted(
            tuple(attrs.evolve(r, name=f"{r.name} {stamp}") for r in wanted.resources),
            wanted.issues,
        )


class ChildrenFirst(ToyAds):
    """
    Wants ads before their ad sets.
    """

    def wanted(self, plan):
        wanted = super().wanted(plan)
        return Wanted(tuple(reversed(wanted.resources)), wanted.issues)


class UnresolvedReferences(ToyAds):
    """
    Refers to objects it does not want.
    """

    def wanted(self, plan):
        wanted = super().wanted(plan)
        lost = {"creative": Ref("creatives.somewhere")}
        return Wanted(
            tuple(
                attrs.evolve(r, fields={**r.fields, **lost}) if r.kind is Kind.AD else r
                for r in wanted.resources
            ),
            wanted.issues,
        )


class WritesWhilePlanning(ToyAds):
    """
    Makes a draft to see whether it would be accepted.
    """

    def wanted(self, plan):
        self._service.create(self._token, "campaign", {"name": "draft", "fields": {}})
        return super().wanted(plan)


class FloatsForMoney(ToyAds):
    """
    Keeps money as a float.
    """

    def wanted(self, plan):
        wanted = super().wanted(plan)
        return Wanted(
            tuple(
                attrs.evolve(
                    r, fields={**r.fields, "per_day": float(r.fields["per_day"])}
                )
                if "per_day" in r.fields
                else r
                for r in wanted.resources
            ),
            wanted.issues,
        )


class SaysNothing(ToyAds):
    """
    Leaves out what it cannot do, without a word.
    """

    def wanted(self, plan):
        return Wanted(super().wanted(plan).resources)


class SetsUpWhatIsDoneByHand(ToyAds):
    """
    Buys what a person buys already.
    """

    def wanted(self, plan):
        lines = {
            key: attrs.evolve(line, managed=Managed.API)
            if isinstance(line, LineItem)
            else line
            for key, line in plan.lines.items()
        }
        return super().wanted(attrs.evolve(plan, lines=lines))


class HidesExposure(ToyAds):
    """
    Does not say what may be spent.
    """

    def wanted(self, plan):
        wanted = super().wanted(plan)
        return Wanted(
            tuple(attrs.evolve(r, exposure=None) for r in wanted.resources),
            wanted.issues,
        )


class ActivatesChildren(ToyAds):
    """
    Switches everything on with the campaign.
    """

    def _write(self, operation):
        made = super()._write(operation)
        if operation.action is Action.ACTIVATE and operation.kind is Kind.CAMPAIGN:
            for other in list(self._service._objects):
                self._service.change(self._token, other, {"status": "active"})
        return made


class StaleReads(ToyAds):
    """
    Remembers what it read once.
    """

    def __init__(self, service, token):
        super().__init__(service, token)
        self._memory = {}

    def read(self, kind, ids):
        wanted = list(ids)
        fresh = super().read(kind, wanted)
        return {i: self._memory.setdefault(i, r) for i, r in fresh.items()}


class InventsWhatIsMissing(ToyAds):
    """
    Answers for ids that belong to nothing.
    """

    def read(self, kind, ids):
        wanted = list(ids)
        found = super().read(kind, wanted)
        return {i: found.get(i) or Remote(kind, i) for i in wanted}


class NaiveTimes(ToyAds):
    """
    Tells times without a zone.
    """

    def _remote(self, raw):
        born = raw["created"].replace(tzinfo=None)
        return attrs.evolve(super()._remote(raw), created_at=born)


class DoubleRows(ToyAds):
    """
    Reads the border of two pages twice.
    """

    def metrics(self, flight):
        for row in super().metrics(flight):
            yield row
            yield row


class IgnoresTheFlight(ToyAds):
    """
    Reports everything, whatever was asked for.
    """

    def metrics(self, flight):
        longer = timedelta(days=300)
        wide = attrs.evolve(
            flight, start=flight.start - longer, end=flight.end + longer
        )
        return super().metrics(wide)


class ForgetsArchivedAds(ToyAds):
    """
    Loses the numbers of ads that are gone.
    """

    def metrics(self, flight):
        live = {remote.id for remote in self._all(Kind.AD)}
        return (row for row in super().metrics(flight) if row.ad in live)


class NamesForIds(ToyAds):
    """
    Puts names where ids belong.
    """

    def metrics(self, flight):
        names = {remote.id: remote.name for remote in self._all(Kind.AD)}
        for row in super().metrics(flight):
            yield attrs.evolve(row, ad=names[row.ad])


class ChangingCapabilities(ToyAds):
    """
    Can do something else each time it is asked.
    """

    _times = count(1)

    @property
    def capabilities(self):
        return attrs.evolve(super().capabilities, batch_size=next(self._times))


class OneMarkerAtATime(ToyAds):
    """
    Looks for the first marker only.
    """

    def find(self, kind, markers):
        return super().find(kind, list(markers)[:1])


class AppliedWithoutId(ToyAds):
    """
    Forgets to say which object it made.
    """

    def _result(self, operation):
        result = super()._result(operation)
        if operation.action is Action.CREATE and result.error is None:
            return Result(operation.address, Outcome.APPLIED, "")
        return result


DEFECTS = MappingProxyType(
    {
        "CreatesActive": "303",
        "SendsCreatesTwice": "307",
        "CreatesOnUpdate": "333",
        "LosesMarkerOnRename": "323",
        "NumbersAsIds": "301",
        "MixesUpResults": "405",
        "DropsResults": "405",
        "SwallowsErrors": "401",
        "RaisesKeyError": "401",
        "LeaksToken": "404",
        "LeaksTokenInCause": "404",
        "ShowsToken": "105",
        "AnonymousErrors": "402",
        "UnpicklableErrors": "403",
        "WrongCurrency": "506",
        "ReadsFirstPageOnly": "309",
        "RelativeUpdates": "321",
        "UpdatesForget": "322",
        "ArchiveOfMissingRaises": "343",
        "FindsArchived": "341",
        "WantsSomethingElseEachTime": "201",
        "ChildrenFirst": "203",
        "UnresolvedReferences": "204",
        "WritesWhilePlanning": "208",
        "FloatsForMoney": "206",
        "SaysNothing": "209",
        "SetsUpWhatIsDoneByHand": "210",
        "HidesExposure": "207",
        "ActivatesChildren": "332",
        "StaleReads": "331",
        "InventsWhatIsMissing": "106",
        "NaiveTimes": "310",
        "DoubleRows": "508",
        "IgnoresTheFlight": "504",
        "ForgetsArchivedAds": "512",
        "NamesForIds": "507",
        "ChangingCapabilities": "104",
        "OneMarkerAtATime": "308",
        "AppliedWithoutId": "301",
    }
)
"""
Name of each broken adapter, and number of the scenario that must catch it.
"""
