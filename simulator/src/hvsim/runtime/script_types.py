# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of the engine's own types: script blocks, parse errors, variables, references, commands."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.command import CommandInfo
from hvsim.runtime.errors import PSError
from hvsim.runtime.functions import FunctionInfo
from hvsim.runtime.members import constructor, getter, method, setter, static_method
from hvsim.runtime.scope import Variable
from hvsim.runtime.scriptblock import ParseErrorValue, ScriptBlock, create
from hvsim.runtime.streams import Collector, collapse
from hvsim.runtime.structs import Reference
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

_AUTOMATION = "System.Management.Automation."
_BLOCK = _AUTOMATION + "ScriptBlock"
_VARIABLE = _AUTOMATION + "PSVariable"


# ---- script blocks -----------------------------------------------------------------------------------------------------


@static_method(_BLOCK, "Create", context=True)
def _create(ctx: Any, text: str) -> ScriptBlock:
    return create(ctx, text or "")


@method(_BLOCK, "ToString")
def _block_text(self: ScriptBlock) -> str:
    return self.text


@method(_BLOCK, "Invoke", context=True)
def _invoke(ctx: Any, self: ScriptBlock, *args: Any) -> Any:
    from hvsim.runtime.collections import Collection

    items = ctx.invoke(self, _arguments(args))
    return Collection(items, types.get("System.Management.Automation.PSObject"))


def _arguments(args: tuple[Any, ...]) -> list[Any]:
    if len(args) == 1 and isinstance(args[0], list):
        return list(args[0])
    return list(args)


@method(_BLOCK, "InvokeReturnAsIs", context=True)
def _invoke_as_is(ctx: Any, self: ScriptBlock, *args: Any) -> Any:
    return collapse(ctx.invoke(self, _arguments(args)))


@method(_BLOCK, "GetNewClosure", context=True)
def _get_new_closure(ctx: Any, self: ScriptBlock) -> ScriptBlock:
    return self.closure(ctx)


@method(
    _BLOCK,
    "InvokeWithContext",
    # The recorded overloads differ in generic types only; whatever stands for functions and variables is looked at below.
    overloads=["(System.Object, System.Object, params System.Object[]) -> System.Object"],
    context=True,
)
def _invoke_with_context(ctx: Any, self: ScriptBlock, functions: Any, variables: Any, *args: Any) -> Any:
    from hvsim.runtime.collections import Collection
    from hvsim.runtime.scope import Scope

    session = self.session or ctx.session
    scope = Scope(session.current)
    if functions is not None:
        scope.functions = {}
        for name, block in functions.items():
            scope.functions[name.lower()] = FunctionInfo(name, block)
    collector = Collector()
    options: dict[str, Any] = {}
    for variable in [variables] if isinstance(variables, Variable) else variables or ():
        if variable.name == "_":
            options["dollar_underbar"] = variable.value
        elif variable.name == "this":
            options["this"] = variable.value
        else:
            scope.vars[variable.name.lower()] = variable
    with ctx.entered(session, scope):
        self.run(ctx, collector, _arguments(args), **options)
    return Collection(collector.items, types.get("System.Management.Automation.PSObject"))


@getter(_BLOCK, "File")
def _block_file(self: ScriptBlock) -> str | None:
    return self.code.source.file


@getter(_BLOCK, "IsFilter")
def _is_filter(self: ScriptBlock) -> bool:
    return self.code.is_filter


@getter(_BLOCK, "Module")
def _block_module(self: ScriptBlock) -> Any:
    return None if self.session is None else self.session.module


@getter(_BLOCK, "Ast")
def _ast(self: ScriptBlock) -> Any:
    return AstView(self.code.node, self.code.source)


if types.find("System.Management.Automation.Language.ScriptBlockAst") is None:
    types.register(types.NetType("System.Management.Automation.Language.ScriptBlockAst", "System.Object"))


class AstView(NetObject):
    """As much of a syntax tree as scripts usually ask for: its text and where it stands. The nodes inside are refused."""

    __slots__ = ("node", "source")
    NET = "System.Management.Automation.Language.ScriptBlockAst"

    def __init__(self, node: Any, source: Any) -> None:
        self.node = node
        self.source = source


@method(AstView.NET, "ToString", overloads=["() -> string"])
def _ast_text(self: AstView) -> str:
    return str(self.source.text_of(self.node.extent))


@getter(AstView.NET, "Extent")
def _ast_extent(self: AstView) -> ExtentView:
    return ExtentView(self.node.extent.start, self.node.extent.end, self.source)


def _refuse_nodes() -> None:
    """Members that lead to other nodes, or to what PowerShell keeps with them."""
    properties = "Attributes UsingStatements ParamBlock BeginBlock ProcessBlock EndBlock CleanBlock DynamicParamBlock ScriptRequirements Parent"
    for name in properties.split():

        def refuse(_self: AstView, name: str = name) -> Any:
            raise Unsupported(f"property {AstView.NET}.{name}")

        getter(AstView.NET, name)(refuse)
    for name in ("Find", "FindAll", "Visit", "GetScriptBlock", "GetHelpContent", "Copy", "SafeGetValue"):

        def refuse_call(_self: AstView, *_args: Any, name: str = name) -> Any:
            raise Unsupported(f"method {AstView.NET}.{name}")

        method(AstView.NET, name, overloads=["() -> System.Object", "(params System.Object[]) -> System.Object"])(refuse_call)


_refuse_nodes()


class ExtentView(NetObject):
    """``IScriptExtent``: a piece of a script."""

    __slots__ = ("end", "source", "start")
    NET = "System.Management.Automation.Language.InternalScriptExtent"

    def __init__(self, start: int, end: int, source: Any) -> None:
        self.start = start
        self.end = end
        self.source = source


if types.find(ExtentView.NET) is None:
    types.register(types.NetType(ExtentView.NET, "System.Object"))


@getter(ExtentView.NET, "File", type="string")
def _extent_file(self: ExtentView) -> str | None:
    return self.source.file or None


@getter(ExtentView.NET, "StartLineNumber", type="int")
def _start_line(self: ExtentView) -> int:
    return int(self.source.position(self.start)[0])


@getter(ExtentView.NET, "StartColumnNumber", type="int")
def _start_column(self: ExtentView) -> int:
    return int(self.source.position(self.start)[1])


@getter(ExtentView.NET, "EndLineNumber", type="int")
def _end_line(self: ExtentView) -> int:
    return int(self.source.position(self.end)[0])


@getter(ExtentView.NET, "EndColumnNumber", type="int")
def _end_column(self: ExtentView) -> int:
    return int(self.source.position(self.end)[1])


@getter(ExtentView.NET, "StartOffset", type="int")
def _start_offset(self: ExtentView) -> int:
    return self.start


@getter(ExtentView.NET, "EndOffset", type="int")
def _end_offset(self: ExtentView) -> int:
    return self.end


@getter(ExtentView.NET, "Text", type="string")
@method(ExtentView.NET, "ToString", overloads=["() -> string"])
def _extent_text(self: ExtentView) -> str:
    return str(self.source.text[self.start : self.end])


@getter(ExtentView.NET, "StartScriptPosition")
@getter(ExtentView.NET, "EndScriptPosition")
def _script_position(_self: ExtentView) -> Any:
    raise Unsupported("IScriptPosition")


_TYPE_NAME = "System.Management.Automation.Language.TypeName"
if types.find(_TYPE_NAME) is None:
    types.register(types.NetType(_TYPE_NAME, "System.Object"))


@getter(_TYPE_NAME, "FullName", type="string")
@getter(_TYPE_NAME, "Name", type="string")
def _type_name_name(self: Any) -> str:
    return str(self.name)


@method(_TYPE_NAME, "ToString", overloads=["() -> string"])
def _type_name_string(self: Any) -> str:
    return str(self.name)


_PARSE_ERROR = "System.Management.Automation.Language.ParseError"
if types.find(_PARSE_ERROR) is None:
    types.register(types.NetType(_PARSE_ERROR, "System.Object"))


@getter(_PARSE_ERROR, "Extent")
def _parse_extent(self: ParseErrorValue) -> ExtentView:
    return ExtentView(self.info.start, self.info.end, self.source)


@getter(_PARSE_ERROR, "Message", type="string")
def _parse_message(self: ParseErrorValue) -> str:
    return self.info.message


@getter(_PARSE_ERROR, "ErrorId", type="string")
def _parse_error_id(self: ParseErrorValue) -> str:
    return self.info.error_id


@getter(_PARSE_ERROR, "IncompleteInput", type="bool")
def _incomplete_input(self: ParseErrorValue) -> bool:
    raise Unsupported("property ParseError.IncompleteInput")


@method(_PARSE_ERROR, "ToString", overloads=["() -> string"])
def _parse_error_text(self: ParseErrorValue) -> str:
    return self.info.message


# ---- variables ---------------------------------------------------------------------------------------------------------


@constructor(_VARIABLE, overloads=["(string)", "(string, System.Object)"])
def _new_variable(net_type: Any, name: str, value: Any = None) -> Variable:
    return Variable(name, value)


@getter(_VARIABLE, "Name", type="string")
def _variable_name(self: Variable) -> str:
    return self.name


@getter(_VARIABLE, "Value", type="System.Object")
def _variable_value(self: Variable) -> Any:
    return None if self.value is AUTOMATION_NULL else self.value


@setter(_VARIABLE, "Value", context=True)
def _set_variable_value(ctx: Any, self: Variable, value: Any) -> None:
    self.assign(ctx, value)


@getter(_VARIABLE, "Description", type="string")
def _variable_description(self: Variable) -> str:
    return self.description


@setter(_VARIABLE, "Description")
def _set_variable_description(self: Variable, value: str) -> None:
    self.description = value


@getter(_VARIABLE, "Options", type="System.Management.Automation.ScopedItemOptions")
def _variable_options(self: Variable) -> Any:
    return types.enum(_AUTOMATION + "ScopedItemOptions", self.options)


@setter(_VARIABLE, "Options")
def _set_variable_options(self: Variable, value: Any) -> None:
    self.options = value.value
    if self.is_locked and self.checks is None:
        self.checks = []


@getter(_VARIABLE, "Visibility", type=_AUTOMATION + "SessionStateEntryVisibility")
def _variable_visibility(self: Variable) -> Any:
    return types.enum(_AUTOMATION + "SessionStateEntryVisibility", "Public")


@getter(_VARIABLE, "Module", type=_AUTOMATION + "PSModuleInfo")
def _variable_module_info(self: Variable) -> Any:
    return None


@getter(_VARIABLE, "ModuleName", type="string")
def _variable_module(self: Variable) -> str:
    return ""


@getter(_VARIABLE, "Attributes", type="System.Object")
def _variable_attributes(self: Variable) -> Any:
    from hvsim.runtime.collections import Collection

    return Collection(self.attributes, types.OBJECT)


@method(_VARIABLE, "IsValidValue", overloads=["(System.Object) -> bool"], context=True)
def _is_valid_value(ctx: Any, self: Variable, value: Any) -> bool:
    """What the checks say; a type converts before others look (``PSVariable.IsValidValue``)."""
    try:
        for check in self.checks or ():
            value = check(ctx, value)
    except PSError:
        return False
    return True


# ---- [ref] -------------------------------------------------------------------------------------------------------------

_REFERENCE = _AUTOMATION + "PSReference"


@constructor(_REFERENCE)
def _new_reference(net_type: Any, value: Any) -> Reference:
    return Reference(value)


@getter(_REFERENCE, "Value")
def _reference_value(self: Reference) -> Any:
    return None if self.value is AUTOMATION_NULL else self.value


@setter(_REFERENCE, "Value")
def _set_reference_value(self: Reference, value: Any) -> None:
    self.value = value


# ---- commands ----------------------------------------------------------------------------------------------------------

_COMMAND = _AUTOMATION + "CommandInfo"


@getter(_COMMAND, "Name", type="string")
def _command_name(self: CommandInfo) -> str:
    return self.name


@getter(_COMMAND, "CommandType", type="System.Management.Automation.CommandTypes")
def _command_type(self: CommandInfo) -> Any:
    return types.enum(_AUTOMATION + "CommandTypes", self.kind)


@getter(_COMMAND, "Definition", type="string")
def _command_definition(self: CommandInfo) -> str:
    return self.definition


@getter(_COMMAND, "ModuleName", type="string")
def _command_module_name(self: CommandInfo) -> str:
    return self.module_name


@getter(_COMMAND, "Source", type="string")
def _command_source(self: CommandInfo) -> str:
    return self.module_name


@getter(_COMMAND, "OutputType", type="System.Object", context=True)
def _command_output_type(ctx: Any, self: CommandInfo) -> Any:
    from hvsim.runtime.collections import ReadOnlyCollection

    names = self.metadata(ctx).output_types
    return ReadOnlyCollection([TypeNameValue(name) for name in names], types.OBJECT)


@types.net_class(_AUTOMATION + "PSTypeName")
class TypeNameValue(NetObject):
    """``PSTypeName``: an element of ``OutputType``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


@getter(_AUTOMATION + "PSTypeName", "Name", type="string")
def _type_name(self: TypeNameValue) -> str:
    return self.name


@method(_AUTOMATION + "PSTypeName", "ToString", overloads=["() -> string"])
def _type_name_text(self: TypeNameValue) -> str:
    return self.name


@method(_COMMAND, "ToString", overloads=["() -> string"])
def _command_text(self: CommandInfo) -> str:
    return self.name


@getter(_AUTOMATION + "FunctionInfo", "ScriptBlock", type="scriptblock")
def _function_block(self: FunctionInfo) -> ScriptBlock:
    return self.script_block


@getter(_AUTOMATION + "AliasInfo", "ResolvedCommandName", type="string")
def _resolved_name(self: Any) -> str:
    return str(self.target)


@getter(_AUTOMATION + "ScriptInfo", "ScriptBlock", type="scriptblock")
def _script_info_block(self: Any) -> Any:
    return self.script_block
