# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for classes, enums and using statements."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.core import EMPTY, Positioned, before, between
from hvsim.lang.errors import UnsupportedSyntax
from hvsim.lang.statements import StatementRules
from hvsim.lang.tokenizer import COMMAND, EXPRESSION, SIGNATURE
from hvsim.lang.tokens import KEYWORD_KINDS, Token

_INTEGRAL_TYPES = frozenset(
    [
        "byte",
        "sbyte",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "short",
        "ushort",
        "int",
        "uint",
        "long",
        "ulong",
    ]
)
_USING_KINDS = frozenset(("Namespace", "Module", "Assembly", "Type", "Command"))


class DefinitionRules(StatementRules):
    """Type definitions and using statements."""

    # ---- using -------------------------------------------------------------------------------------------------------

    def using_statements(self) -> list[ast.UsingStatement]:
        result: list[ast.UsingStatement] = []
        if self.ungot is None and self.text[self.pos] not in "uU":
            return result
        while True:
            token = self.peek()
            if token.kind != "Using":
                self.resync(token.start)
                return result
            self.skip()
            statement = self._using(token)
            self.terminators()
            if isinstance(statement, ast.UsingStatement):
                result.append(statement)

    def late_using(self, token: Token) -> ast.Statement:
        statement = self._using(token)
        self.error(statement, "UsingMustBeAtStartOfScript")
        return statement

    def _using(self, using: Token) -> ast.Statement:
        directive = self.next()
        if directive.kind not in _USING_KINDS:
            self.unget(directive)
            self.error_after(using, "MissingUsingStatementDirective")
            return ast.ErrorStatement(using.start, using.end)
        if directive.kind in ("Type", "Command", "Assembly"):
            raise UnsupportedSyntax(f"using {directive.kind.lower()}", start=using.start)
        item = self.next()
        if item.kind in ("EndOfInput", "NewLine", "Comma", "Semi"):
            self.error_after(directive, "MissingUsingItemName")
            return ast.ErrorStatement(using.start, directive.end)
        name = self.argument("argument", item)
        if name is None:
            self.error(item, "InvalidValueForUsingItemName", self.text_of(item))
            self.synchronize(True, "Semi", "NewLine")
            return ast.ErrorStatement(using.start, item.end)
        if not isinstance(name, ast.StringConstantExpression):
            if directive.kind != "Module" or not isinstance(name, ast.Hashtable):
                self.error(name, "InvalidValueForUsingItemName", self.text_of(name))
                return ast.ErrorStatement(using.start, name.end)
            self._statement_end()
            return ast.UsingStatement(using.start, name.end, "Module", module_specification=name)
        if not all(word.isidentifier() for word in name.value.split(".")):
            self.needs_checks = True
        equals = self.peek()
        if equals.kind == "Equals":
            self.needs_checks = True
            return self._using_alias(using, directive, name, equals)
        self._statement_end()
        return ast.UsingStatement(using.start, name.end, directive.kind, name)

    def _using_alias(
        self, using: Token, directive: Token, name: ast.StringConstantExpression, equals: Token
    ) -> ast.Statement:
        self.skip()
        token = self.next()
        if token.kind in ("EndOfInput", "NewLine", "Semi"):
            self.unget(token)
            self.error_after(equals, "MissingNamespaceAlias")
            return ast.ErrorStatement(using.start, equals.end)
        alias = self.argument("argument", token) if token.kind != "Comma" else None
        if directive.kind == "Module" and isinstance(alias, ast.Hashtable):
            self._statement_end()
            return ast.UsingStatement(using.start, token.end, "Module", name, module_specification=alias)
        if not isinstance(alias, ast.StringConstantExpression):
            place: Positioned = alias or token
            self.error(place, "InvalidValueForUsingItemName", self.text_of(place))
            return ast.ErrorStatement(using.start, place.end, [name])
        self._statement_end()
        return ast.UsingStatement(using.start, token.end, directive.kind, name, alias)

    def _statement_end(self) -> None:
        token = self.peek()
        if token.kind in ("NewLine", "Semi"):
            self.skip()
        elif token.kind != "EndOfInput":
            self.error(token, "MissingStatementTerminator")

    # ---- enum --------------------------------------------------------------------------------------------------------

    def enum_definition(self, attributes: list[ast.AttributeBase] | None, keyword: Token) -> ast.Statement:
        self.new_lines()
        name = self.simple_name()
        if name is None:
            self.error_after(keyword, "MissingNameAfterKeyword", self.text_of(keyword))
            return ast.ErrorStatement(keyword.start, keyword.end)
        mode = self.mode
        self.set_mode(SIGNATURE)
        base_types = self._enum_type()
        self.new_lines()
        l_curly = self.next()
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            self.error_after(name, "MissingTypeBody", "enum")
            self.set_mode(mode)
            return ast.ErrorStatement(keyword.start, name.end)
        members: list[ast.MemberBase] = []
        member = self._enum_member()
        while member is not None:
            members.append(member)
            member = self._enum_member()
        r_curly = self.next()
        if r_curly.kind != "RCurly":
            self.unget(r_curly)
            self.error_after(l_curly, "MissingEndCurlyBrace")
        self.set_mode(mode)
        extent = between(attributes[0] if attributes else keyword, r_curly)
        return self._definition(extent, name, attributes, base_types, members, "Enum")

    def _definition(
        self,
        extent: Extent,
        name: ast.StringConstantExpression,
        attributes: list[ast.AttributeBase] | None,
        base_types: list[ast.TypeConstraint],
        members: list[ast.MemberBase],
        kind: str,
    ) -> ast.TypeDefinition:
        self.needs_checks = True
        own = [attribute for attribute in attributes or () if isinstance(attribute, ast.Attribute)]
        return ast.TypeDefinition(extent.start, extent.end, name.value, own, base_types, members, kind)

    def _enum_type(self) -> list[ast.TypeConstraint]:
        colon = self.peek()
        if colon.kind != "Colon":
            return []
        self.skip()
        self.new_lines()
        type_name = self.type_name(assembly=False)
        if type_name is None:
            self.error_after(colon, "TypeNameExpected")
            return []
        if type_name.full_name.lower().removeprefix("system.") not in _INTEGRAL_TYPES:
            self.error(type_name, "InvalidUnderlyingType", type_name.full_name)
        return [ast.TypeConstraint(type_name.start, type_name.end, type_name)]

    def _enum_member(self) -> ast.MemberBase | None:
        self.new_lines()
        name = self.simple_name()
        if name is None:
            return None
        end = name.end
        value: ast.Expression | None = None
        missing = False
        mode = self.mode
        self.set_mode(EXPRESSION)
        equals = self.peek()
        if equals.kind == "Equals":
            self.skip()
            value = self.expression()
            missing = value is None
            if value is None:
                self.error_after(equals, "ExpectedValueExpression", "=")
            end = (value or equals).end
        self.set_mode(mode)
        end = self._member_end(end, report=not missing)
        return ast.PropertyMember(
            name.start, end, name.value, None, [], frozenset(("Public", "Static", "Literal")), value
        )

    def _member_end(self, end: int, *, report: bool = True) -> int:
        """The end of a property; a semicolon belongs to it."""
        token = self.peek()
        if token.kind not in ("NewLine", "Semi", "RCurly") and report:
            self.report(end, end, "MissingPropertyTerminator")
        self.terminators()
        return token.end if token.kind == "Semi" else end

    # ---- class -------------------------------------------------------------------------------------------------------

    def class_definition(self, attributes: list[ast.AttributeBase] | None, keyword: Token) -> ast.Statement:
        self.new_lines()
        name = self.simple_name()
        if name is None:
            self.error_after(keyword, "MissingNameAfterKeyword", self.text_of(keyword))
            return ast.ErrorStatement(keyword.start, keyword.end)
        self.new_lines()
        mode = self.mode
        self.set_mode(SIGNATURE)
        bases = self._base_types()
        l_curly = self.next()
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            last: ast.Ast = bases[-1] if bases else name
            self.error_after(last, "MissingTypeBody", "class")
            self.set_mode(mode)
            return ast.ErrorStatement(keyword.start, last.end, list(bases))
        end = l_curly.end
        members: list[ast.MemberBase] = []
        failed: list[ast.Ast] = []
        while True:
            leftovers: list[ast.Ast] = []
            member = self._class_member(name.value, leftovers)
            if member is None and not leftovers:
                break
            if member is not None:
                members.append(member)
                end = member.end
            failed.extend(leftovers)
            if leftovers:
                end = leftovers[-1].end
        r_curly = self.next()
        if r_curly.kind != "RCurly":
            self.unget(r_curly)
            self.error_after(l_curly, "MissingEndCurlyBrace")
        else:
            end = r_curly.end
        self.set_mode(mode)
        extent = Extent((attributes[0] if attributes else keyword).start, end)
        definition = self._definition(extent, name, attributes, bases, members, "Class")
        return ast.ErrorStatement(extent.start, extent.end, [*failed, definition]) if failed else definition

    def _base_types(self) -> list[ast.TypeConstraint]:
        colon = self.peek()
        bases: list[ast.TypeConstraint] = []
        if colon.kind != "Colon":
            return bases
        self.skip()
        self.new_lines()
        separator = colon
        while True:
            base = self.type_name(assembly=False)
            if base is None:
                self.error_after(separator, "TypeNameExpected")
                return bases
            bases.append(ast.TypeConstraint(base.start, base.end, base))
            self.new_lines()
            separator = self.peek()
            if separator.kind != "Comma":
                return bases
            self.skip()
            self.new_lines()

    def _class_member(self, class_name: str, leftovers: list[ast.Ast]) -> ast.MemberBase | None:
        attributes: list[ast.Attribute] = []
        type_constraint: ast.TypeConstraint | None = None
        modifiers: set[str] = set()
        start: int | None = None
        last: Positioned | None = None
        while True:
            self.new_lines()
            attribute = self.attribute()
            if attribute is not None:
                last = attribute
                start = attribute.start if start is None else start
                if isinstance(attribute, ast.Attribute):
                    attributes.append(attribute)
                elif type_constraint is None and isinstance(attribute, ast.TypeConstraint):
                    type_constraint = attribute
                else:
                    self.error(attribute, "TooManyTypes")
                continue
            token = self.peek()
            start = token.start if start is None else start
            if token.kind not in ("Hidden", "Static"):
                break
            if token.kind in modifiers:
                self.error(token, "DuplicateQualifier", self.text_of(token))
            modifiers.add(token.kind)
            last = token
            self.skip()
        access = frozenset(("Public", *modifiers))
        if token.kind == "Variable":
            return self._property(start, token, type_constraint, attributes, access)
        if token.kind == "Identifier" or token.kind in KEYWORD_KINDS:
            self.skip()
            method = self._method(token, class_name, "Static" in modifiers)
            if method is not None:
                method.start = start
                method.attributes = attributes
                method.return_type = type_constraint
                method.method_attributes = access
                return method
            self.synchronize(False, "RCurly")
        elif last is not None:
            self.error_after(last, "IncompleteMemberDefinition")
        if last is not None or token.kind == "Identifier":
            leftovers.extend(attributes)
            if type_constraint is not None:
                leftovers.append(type_constraint)
        return None

    def _property(
        self,
        start: int,
        token: Token,
        type_constraint: ast.TypeConstraint | None,
        attributes: list[ast.Attribute],
        access: frozenset[str],
    ) -> ast.PropertyMember:
        self.skip()
        value: ast.Expression | None = None
        if self.peek().kind == "Equals":
            self.skip()
            self.new_lines()
            value = self.expression()
        end = self._member_end((value or token).end)
        return ast.PropertyMember(start, end, token.value, type_constraint, attributes, access, value)

    def _method(self, name: Token, class_name: str, static: bool) -> ast.FunctionMember | None:
        error_end: int | None = None
        parameters: list[ast.Parameter] | None = []
        r_paren: Token | None = None
        if self.peek().kind == "LParen":
            parameters, error_end, r_paren = self.function_parameters()
        else:
            self.error_after(name, "MissingMethodParameterList")
        text = self.text_of(name)
        constructor = text.lower() == class_name.lower()
        base_call: ast.Statement | None = None
        if constructor and not static:
            base_call, error_end = self._base_call(error_end)
        l_curly = self.next()
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            if error_end is None:
                error_end = (r_paren or name).end
                self.error_after(r_paren or name, "MissingFunctionBody")
        if error_end is not None:
            return None
        mode = self.mode
        self.set_mode(COMMAND)
        body = self.script_block(l_curly, first=base_call)
        self.set_mode(mode)
        return ast.FunctionMember(
            name.start, body.end, text, None, parameters or [], body, [], frozenset(), constructor
        )

    def _base_call(self, error_end: int | None) -> tuple[ast.Statement, int | None]:
        """``: base(arguments)``, or the call of the default constructor that is made without it."""
        self.new_lines()
        mode = self.mode
        self.set_mode(SIGNATURE)
        arguments: list[ast.Expression] = []
        extent = keyword = EMPTY
        colon = self.peek()
        if colon.kind == "Colon":
            self.skip()
            self.new_lines()
            base = self.peek()
            if base.kind != "Base":
                error_end = colon.end
                self.error_after(colon, "MissingBaseCtorCall")
            else:
                self.skip()
                self.new_lines()
                keyword = extent = Extent(base.start, base.end)
                l_paren = self.peek()
                if l_paren.kind == "LParen":
                    self.skip()
                    arguments, end = self.invoke_arguments(l_paren)
                    extent = Extent(base.start, end)
                    self.new_lines()
                else:
                    error_end = base.end
                    self.error_after(base, "MissingMethodParameterList")
        self.set_mode(mode)
        target = ast.VariableExpression(keyword.start, keyword.end, "this")
        member = ast.StringConstantExpression(keyword.start, keyword.end, ".ctor")
        call = ast.BaseCtorInvokeMemberExpression(extent.start, extent.end, target, member, arguments=arguments)
        return ast.CommandExpression(extent.start, extent.end, call), error_end


__all__ = ["DefinitionRules", "before"]
